"""Real or imitated services on this machine that the adapters for Azure are tested against."""
