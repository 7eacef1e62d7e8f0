"""Settings, errors, models, messages, periods, redaction: no I/O."""
