"""The error of a file that the rules cannot read, as one line for its owner."""

from pathlib import Path


class UnusableFile(Exception):
    """A file that is missing, malformed, or of another kind; the text is one line."""

    def __init__(self, file: Path, problem: str) -> None:
        super().__init__(f"{file}: {problem}")
