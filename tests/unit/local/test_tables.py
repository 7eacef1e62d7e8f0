"""The file of records outlives the process; what a store does is in the table contract."""

from pathlib import Path

import pytest

from local.tables import LocalTableStore
from shared.table_storage.store import Changed, Record
from tests.support.clock import START


def test_records_are_found_by_the_next_process(tmp_path: Path) -> None:
    first = LocalTableStore(tmp_path / "tables.db")
    first.insert("sessions", Record("p", "k", {"name": "value"}, START))
    written = first.get("sessions", "p", "k")
    first.close()
    second = LocalTableStore(tmp_path / "tables.db")
    assert written is not None
    assert second.get("sessions", "p", "k") == written
    second.close()


def test_two_processes_agree_on_who_was_first(tmp_path: Path) -> None:
    here, there = LocalTableStore(tmp_path / "tables.db"), LocalTableStore(tmp_path / "tables.db")
    here.insert("flows", Record("p", "k", {}, START))
    seen_there = there.get("flows", "p", "k")
    assert seen_there is not None
    here.delete("flows", "p", "k", seen_there.etag)
    with pytest.raises(Changed):
        there.delete("flows", "p", "k", seen_there.etag)
    here.close()
    there.close()
