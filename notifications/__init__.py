"""Sends the mails of the outbox."""
