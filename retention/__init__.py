"""Deletes what is due, and proves it."""
