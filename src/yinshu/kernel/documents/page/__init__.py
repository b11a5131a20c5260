"""A page as a reader sees it: glyphs, ruling lines and scans become rows, columns, tables and paragraphs."""
