"""Scans, their steps, the raw pages and rows that the steps store."""
