"""What a table store does when it fails, whatever it is made of: an error that says so, never a half truth."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from shared.core.errors import AzureUnavailable
from shared.table_storage.store import AlreadyExists, Changed, Record, StoreUnavailable, TableStore
from tests.conformance.recording import record
from tests.conformance.table_troubles import TroubledStore, troubled_file, troubled_wire
from tests.support.clock import START

NUMBERS = count()

pytestmark = pytest.mark.usefixtures("hurried")


@pytest.fixture(params=["local", "azure"])
def troubled(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[TroubledStore]:
    if request.param == "local":
        with troubled_file(tmp_path / "tables.db") as on_disk:
            yield on_disk
    else:
        with troubled_wire(request.getfixturevalue("azurite")) as on_wire:
            yield on_wire


@pytest.fixture
def table() -> str:
    """A name of its own for each test: the emulator lives through all of them."""
    return f"faults{next(NUMBERS)}"


def stored(store: TableStore, table: str) -> Record:
    found = store.get(table, "partition", "key")
    assert found is not None
    return found


OPERATIONS: dict[str, Callable[[TableStore, str, Record], object]] = {
    "insert": lambda store, table, _: store.insert(table, record("another")),
    "get": lambda store, table, _: store.get(table, "partition", "key"),
    "list": lambda store, table, _: list(store.list(table, "partition")),
    "replace": lambda store, table, read: store.replace(table, replace(read, values={"owner": "second"})),
    "delete": lambda store, table, read: store.delete(table, "partition", "key", read.etag),
    "delete_expired": lambda store, table, _: store.delete_expired(table, START),
}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_store_that_is_down_says_so_does_nothing_and_is_asked_again_when_it_is_back(
    troubled: TroubledStore, table: str, operation: str
) -> None:
    store, work = troubled.store, OPERATIONS[operation]
    store.insert(table, record(owner="first", minutes=-1))
    read = stored(store, table)
    troubled.go_down()
    with pytest.raises(StoreUnavailable):
        work(store, table, read)
    troubled.come_back()
    assert list(store.list(table, "partition")) == [read]
    work(store, table, read)


def test_a_store_that_is_down_at_its_first_use_works_when_it_is_back(troubled: TroubledStore, table: str) -> None:
    troubled.go_down()
    for _ in range(2):
        with pytest.raises(StoreUnavailable):
            troubled.store.get(table, "partition", "key")
    troubled.come_back()
    troubled.store.insert(table, record())
    assert stored(troubled.store, table).key == "key"


def test_a_fault_of_the_store_counts_as_one_of_azures_and_quotes_nothing_that_was_written(
    troubled: TroubledStore, table: str
) -> None:
    troubled.store.insert(table, record())
    troubled.go_down()
    with pytest.raises(AzureUnavailable) as raised:
        troubled.store.insert(table, record("secret-key", owner="secret-value"))
    assert "secret" not in str(raised.value)


def test_an_insert_whose_answer_was_lost_is_there_once_and_the_second_try_says_so(
    troubled: TroubledStore, table: str
) -> None:
    store = troubled.store
    assert store.get(table, "partition", "key") is None
    troubled.lose_next_answer()
    with pytest.raises(StoreUnavailable):
        store.insert(table, record(owner="first"))
    with pytest.raises(AlreadyExists):
        store.insert(table, record(owner="first"))
    assert stored(store, table).values == {"owner": "first"}


def test_a_replacement_whose_answer_was_lost_is_found_by_reading_again(troubled: TroubledStore, table: str) -> None:
    store = troubled.store
    store.insert(table, record(number="1"))
    read = stored(store, table)
    troubled.lose_next_answer()
    with pytest.raises((StoreUnavailable, Changed)):
        store.replace(table, replace(read, values={"number": "2"}))
    with pytest.raises(Changed):
        store.replace(table, replace(read, values={"number": "2"}))
    again = stored(store, table)
    assert again.values == {"number": "2"}
    store.replace(table, replace(again, values={"number": "3"}))


@pytest.mark.parametrize("with_etag", [True, False])
def test_a_deletion_whose_answer_was_lost_is_done_and_the_second_try_is_refused(
    troubled: TroubledStore, table: str, with_etag: bool
) -> None:
    store = troubled.store
    store.insert(table, record())
    etag = stored(store, table).etag if with_etag else None
    troubled.lose_next_answer()
    with pytest.raises((StoreUnavailable, Changed)):
        store.delete(table, "partition", "key", etag)
    with pytest.raises(Changed):
        store.delete(table, "partition", "key", etag)
    assert store.get(table, "partition", "key") is None


def test_a_record_whose_answer_was_lost_is_read_or_an_error_and_never_missing(
    troubled: TroubledStore, table: str
) -> None:
    troubled.store.insert(table, record(owner="first"))
    troubled.lose_next_answer()
    try:
        read = troubled.store.get(table, "partition", "key")
    except StoreUnavailable:
        return
    assert read is not None
    assert read.values == {"owner": "first"}


def test_a_list_is_whole_or_an_error_and_never_its_first_part(troubled: TroubledStore, table: str) -> None:
    store = troubled.store
    for number in range(1_010):
        store.insert(table, record(f"{number:04}"))
    listed = iter(store.list(table, "partition"))
    first = next(listed)
    troubled.go_down()
    try:
        whole = [first, *listed]
    except StoreUnavailable:
        return
    assert len(whole) == 1_010


def test_what_was_half_deleted_when_the_store_failed_is_finished_by_the_next_time(
    troubled: TroubledStore, table: str
) -> None:
    store = troubled.store
    for number in range(150):
        store.insert(table, record(f"{number:03}", minutes=-1))
    store.insert(table, record("alive"))
    troubled.lose_next_answer()
    try:
        store.delete_expired(table, START)
    except StoreUnavailable:
        store.delete_expired(table, START)
    assert [left.key for left in store.list(table, "partition")] == ["alive"]
