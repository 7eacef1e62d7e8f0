"""Short-lived records: sessions, flows, quota state."""
