"""Reports as office files."""
