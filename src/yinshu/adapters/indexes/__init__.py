"""Search engines behind the knowledge room's `ClauseIndex` port."""
