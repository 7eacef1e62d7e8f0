"""Requests, responses, forms, access checks, static files and health checks."""
