"""The allow-list for Resource Graph queries: grammar, checks, reach."""
