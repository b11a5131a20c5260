"""One folder per outside product, behind the ports of the kernel."""
