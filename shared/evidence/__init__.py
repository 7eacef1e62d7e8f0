"""Stored rows as evidence for findings."""
