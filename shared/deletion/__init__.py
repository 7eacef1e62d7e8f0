"""Deletes a customer's data on request, and keeps the log of deletions."""
