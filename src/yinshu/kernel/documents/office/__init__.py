"""What Office files have in common: the container, automatic numbering, number formats."""
