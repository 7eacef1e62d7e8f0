"""Connections, transactions, retries and types for Azure SQL and SQLite."""
