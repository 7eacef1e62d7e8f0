"""How fast the hot paths are, as ratios to the least that Python and SQLite need."""
