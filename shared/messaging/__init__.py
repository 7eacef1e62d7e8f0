"""Queues, the messages in them, and the handler that every queue trigger uses."""
