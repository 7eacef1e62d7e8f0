"""Records for the table contracts."""

from datetime import timedelta

from shared.table_storage.store import Record
from tests.support.clock import START


def record(key: str = "key", partition: str = "partition", minutes: float = 10, **values: str) -> Record:
    """A record that expires so many minutes after the tests' START."""
    return Record(partition, key, values, START + timedelta(minutes=minutes))
