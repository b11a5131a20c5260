"""Durable background work behind the job port."""
