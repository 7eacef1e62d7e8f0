"""Requests, responses, forms, access checks, static files, health."""
