"""From stored rows to draft findings."""
