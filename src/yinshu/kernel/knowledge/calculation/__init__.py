"""Arithmetic on clauses: one file for each kind of sum, all shown to the reader and checked again by the verifier."""
