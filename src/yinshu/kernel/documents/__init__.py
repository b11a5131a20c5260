"""Documents in: sniff, parse, read scans, and cut into clauses that keep their place."""
