"""Copies of the database and the archive that carries them with the originals."""
