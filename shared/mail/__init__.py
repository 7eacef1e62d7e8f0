"""Transactional mail: content, recipients, and sending by Microsoft Graph."""
