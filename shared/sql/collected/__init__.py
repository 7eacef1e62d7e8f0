"""Queries over collected rows: costs, inventory, recommendations, metrics."""
