"""The store of built files: Blob storage in Azure, a folder on one machine."""

import re
from datetime import datetime
from typing import IO, Protocol

NAME = re.compile(r"[0-9a-f-]{36}(?:/[0-9a-f-]{36}){2}/[0-9]{1,4}")
"""Customer, user, export and the number of the part: what a deletion finds them by."""


class BlobStore(Protocol):
    """Files by name; every adapter passes the same contract suite.

    Every method raises StoreUnavailable, and ConfigurationError if the store denies access.
    """

    def write(self, name: str, content: IO[bytes]) -> None:
        """Store the file, whole or not at all; an earlier one of this name is replaced."""

    def read(self, name: str) -> bytes | None:
        """Return the file, or None if there is none."""

    def delete(self, prefix: str) -> int:
        """Delete all files whose names begin so; return how many."""

    def delete_before(self, moment: datetime) -> int:
        """Delete all files written before this moment (aware UTC); return how many."""


def check_name(name: str) -> None:
    """Raise ValueError for a name that a deletion would not find."""
    if not NAME.fullmatch(name):
        raise ValueError("not the name of a built file")
