"""Service Bus triggers: one module per Azure API."""
