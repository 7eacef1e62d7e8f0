"""HTTP triggers: the customer's browser."""
