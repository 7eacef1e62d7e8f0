"""Telemetry, and the log lines that name the work in progress."""
