"""Ids, clock, errors, the database and the job port: what every other package may stand on."""
