"""The allow-list for Resource Graph queries: tokens, expressions, checks, readable tables."""
