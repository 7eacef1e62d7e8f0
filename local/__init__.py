"""Runs the whole system on one machine: the host for the triggers, and a simulated Azure tenant. Never deployed."""
