"""One rule per file; findings/registry.py lists them."""
