"""What the simulated customer owns and pays, generated from a seed.

The same seed and size always give the same subscriptions, resources and amounts: an
amount depends on the resource, the meter and the calendar month, and on nothing else.
"""
