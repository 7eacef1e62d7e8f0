"""What a table store does, whether it is a file or Azure Table storage (by Microsoft's emulator)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from threading import Thread

import pytest
from azure.core.credentials import AzureNamedKeyCredential

from local.tables import LocalTableStore
from shared.table_storage.azure import AzureTableStore
from shared.table_storage.store import AlreadyExists, Changed, TableStore
from tests.conformance.recording import record
from tests.peers.azurite import Azurite
from tests.support.clock import START

NUMBERS = count()
HOSTILE = ["a/b", "a\\b", "a#b", "a?b", "a\nb", "a\x00b", "a\x85b", "", "x" * 513]


@pytest.fixture(params=["local", "azure"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[TableStore]:
    opened: LocalTableStore | AzureTableStore
    if request.param == "local":
        opened = LocalTableStore(tmp_path / "tables.db")
    else:
        service: Azurite = request.getfixturevalue("azurite")
        opened = AzureTableStore(service.endpoint, AzureNamedKeyCredential(service.account, service.key))
    yield opened
    opened.close()


@pytest.fixture
def table() -> str:
    """A name of its own for each test: the emulator lives through all of them."""
    return f"flows{next(NUMBERS)}"


def test_a_record_is_read_as_it_was_written(store: TableStore, table: str) -> None:
    written = record(state="a b/c?#\\ ü 😀", empty="", json='{"a": [1]}', looks_like_a_number="1")
    written = replace(written, expires_at=START + timedelta(microseconds=123456))
    store.insert(table, written)
    read = store.get(table, "partition", "key")
    assert read is not None
    assert read.etag
    assert replace(read, etag="") == written


def test_keys_with_quotes_blanks_and_letters_of_any_language_are_kept_apart(store: TableStore, table: str) -> None:
    keys = ["O'Neil", "o'neil", "with blank", "ключ", "a%2Fb", "a+b", "a&b=c"]
    for key in keys:
        store.insert(table, record(key, key, name=key))
    for key in keys:
        read = store.get(table, key, key)
        assert read is not None
        assert read.values == {"name": key}


def test_what_was_never_written_is_not_there(store: TableStore, table: str) -> None:
    assert store.get(table, "partition", "key") is None


def test_a_key_is_taken_once(store: TableStore, table: str) -> None:
    store.insert(table, record(owner="first"))
    with pytest.raises(AlreadyExists):
        store.insert(table, record(owner="second"))
    store.insert(table, record("other key", owner="second"))
    read = store.get(table, "partition", "key")
    assert read is not None
    assert read.values == {"owner": "first"}


def test_tables_are_apart(store: TableStore, table: str) -> None:
    store.insert(table, record())
    assert store.get(f"{table}other", "partition", "key") is None


def test_an_expired_record_is_still_there_until_it_is_deleted(store: TableStore, table: str) -> None:
    store.insert(table, record(minutes=-1))
    assert store.get(table, "partition", "key") is not None


def test_a_replacement_replaces_all_values_and_the_etag(store: TableStore, table: str) -> None:
    store.insert(table, record(old="1", kept="2"))
    first = store.get(table, "partition", "key")
    assert first is not None
    store.replace(table, replace(first, values={"kept": "3"}))
    second = store.get(table, "partition", "key")
    assert second is not None
    assert second.values == {"kept": "3"}
    assert second.etag != first.etag


def test_of_two_who_replace_what_they_read_one_is_refused(store: TableStore, table: str) -> None:
    store.insert(table, record(owner="nobody"))
    read = store.get(table, "partition", "key")
    assert read is not None
    store.replace(table, replace(read, values={"owner": "first"}))
    with pytest.raises(Changed):
        store.replace(table, replace(read, values={"owner": "second"}))
    with pytest.raises(Changed):
        store.delete(table, "partition", "key", read.etag)
    kept = store.get(table, "partition", "key")
    assert kept is not None
    assert kept.values == {"owner": "first"}


def test_what_was_never_read_cannot_be_replaced(store: TableStore, table: str) -> None:
    store.insert(table, record())
    with pytest.raises(Changed):
        store.replace(table, record(owner="blind"))
    with pytest.raises(Changed):
        store.delete(table, "partition", "key", "")


def test_a_deleted_record_cannot_be_replaced(store: TableStore, table: str) -> None:
    store.insert(table, record())
    read = store.get(table, "partition", "key")
    assert read is not None
    store.delete(table, "partition", "key", read.etag)
    with pytest.raises(Changed):
        store.replace(table, read)


def test_a_record_is_deleted_once(store: TableStore, table: str) -> None:
    store.insert(table, record())
    store.delete(table, "partition", "key")
    assert store.get(table, "partition", "key") is None
    with pytest.raises(Changed):
        store.delete(table, "partition", "key")


def test_a_deletion_by_etag_of_a_deleted_record_is_refused(store: TableStore, table: str) -> None:
    store.insert(table, record())
    read = store.get(table, "partition", "key")
    assert read is not None
    store.delete(table, "partition", "key")
    with pytest.raises(Changed):
        store.delete(table, "partition", "key", read.etag)


def test_of_many_who_delete_one_record_at_once_one_succeeds(store: TableStore, table: str) -> None:
    store.insert(table, record())
    deleted: list[bool] = []

    def delete() -> None:
        try:
            store.delete(table, "partition", "key")
        except Changed:
            return
        deleted.append(True)

    threads = [Thread(target=delete) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert deleted == [True]


def test_what_has_expired_is_deleted_and_counted_and_nothing_else(store: TableStore, table: str) -> None:
    for number in range(5):
        store.insert(table, record(str(number), f"partition {number % 2}", minutes=number))
    assert store.delete_expired(table, START + timedelta(minutes=2)) == 3
    assert store.get(table, "partition 0", "2") is None, "a record expires at its moment, not after it"
    assert store.get(table, "partition 1", "3") is not None
    assert store.delete_expired(table, START + timedelta(minutes=2)) == 0


def test_more_expires_than_one_transaction_holds(store: TableStore, table: str) -> None:
    for number in range(205):
        store.insert(table, record(f"{number:03}", minutes=-1))
    store.insert(table, record("alive"))
    assert store.delete_expired(table, START) == 205
    assert store.get(table, "partition", "alive") is not None


def test_nothing_expires_in_a_table_that_was_never_used(store: TableStore, table: str) -> None:
    assert store.delete_expired(table, START) == 0


@pytest.mark.parametrize("key", HOSTILE)
def test_a_key_that_azure_refuses_is_never_there(store: TableStore, table: str, key: str) -> None:
    for partition, row in ((key, "key"), ("partition", key)):
        with pytest.raises(ValueError, match="a key has"):
            store.insert(table, record(row, partition))
        assert store.get(table, partition, row) is None
        with pytest.raises(Changed):
            store.delete(table, partition, row)


@pytest.mark.parametrize("name", ["a-b", "1a", "", "RowKey", "expires_at", "a" * 256])
def test_a_name_that_azure_refuses_is_refused_for_a_value(store: TableStore, table: str, name: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        store.insert(table, replace(record(), values={name: "value"}))


def test_a_value_has_at_most_32768_characters_as_utf_16_counts_them(store: TableStore, table: str) -> None:
    store.insert(table, record(longest="😀" * 16384))
    with pytest.raises(ValueError, match="longer has more than"):
        store.insert(table, record("other", longer="😀" * 16384 + "x"))


def test_a_record_has_at_most_a_mebibyte_with_all_that_belongs_to_it(store: TableStore, table: str) -> None:
    values = {f"value{number:02}": "x" * 32_000 for number in range(16)}
    store.insert(table, replace(record(), values=values))
    with pytest.raises(ValueError, match="at most 1048576 bytes"):
        store.insert(table, replace(record("other"), values=values | {"last": "x" * 12_200}))


@pytest.mark.parametrize("name", ["Flows", "a", "1flows", "my-flows", "my_flows", "a" * 64, "flows/x", ""])
def test_a_table_name_has_lower_case_letters_and_digits_only(store: TableStore, name: str) -> None:
    with pytest.raises(ValueError, match="not a table name"):
        store.insert(name, record())
    with pytest.raises(ValueError, match="not a table name"):
        store.get(name, "partition", "key")


def test_a_partition_is_listed_whole_in_the_order_of_its_keys(store: TableStore, table: str) -> None:
    for number in reversed(range(1_100)):
        store.insert(table, record(f"{number:04}", minutes=-5 if number % 2 else 5, number=str(number)))
    store.insert(table, record("other", partition="partitioned"))
    listed = list(store.list(table, "partition"))
    assert [one.key for one in listed] == [f"{number:04}" for number in range(1_100)]
    assert listed[7].values == {"number": "7"}
    assert all(one.etag for one in listed)


@pytest.mark.parametrize("partition", ["nothing", "it's", *HOSTILE])
def test_a_partition_that_holds_nothing_is_an_empty_list(store: TableStore, table: str, partition: str) -> None:
    store.insert(table, record())
    assert list(store.list(table, partition)) == []
