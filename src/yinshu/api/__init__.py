"""The HTTP edge: one file per resource; validates, calls the kernel, renders."""
