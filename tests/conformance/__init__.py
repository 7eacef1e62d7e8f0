"""Suites that every implementation of a part has to pass."""
