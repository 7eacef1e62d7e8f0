"""Deletion of a customer's rows, retention, and the receipt of both."""
