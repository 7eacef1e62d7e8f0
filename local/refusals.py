"""The error that ends a local run."""


class CannotRun(Exception):
    """The text says what is wrong and what to do."""
