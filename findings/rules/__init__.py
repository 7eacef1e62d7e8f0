"""One rule a file; findings/registry.py lists them."""
