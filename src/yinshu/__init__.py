"""Yinshu (银枢): an open, self-hosted AI platform for banks."""
