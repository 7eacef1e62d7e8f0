"""Why the local run does not start or go on, in one sentence for the person at the terminal."""


class CannotRun(Exception):
    """The text says what is wrong and what to do."""
