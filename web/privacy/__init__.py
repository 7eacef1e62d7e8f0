"""Permissions, activity log, data download and deletion."""
