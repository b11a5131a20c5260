"""Places outside the database for the ledger's signed heads."""
