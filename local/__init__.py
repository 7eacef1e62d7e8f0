"""The whole system on one machine: the host for the triggers, the simulated Azure tenant. Never shipped."""
