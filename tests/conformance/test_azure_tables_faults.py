"""Faults that only Azure's table store can have.

The local store has no network that hangs, no token that is refused, no transaction with a limit, and it deletes
what has expired in one statement, between whose reading and deleting no other can come.
"""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from shared.core.errors import ConfigurationError
from shared.table_storage import azure
from shared.table_storage.store import StoreUnavailable
from tests.conformance.recording import record
from tests.conformance.table_troubles import DOWN, TroubledWire, troubled_wire
from tests.peers.azurite import Azurite
from tests.peers.troubled_http import Refusal, Trouble
from tests.support.clock import START

NUMBERS = count()
ATTEMPTS = 4
"""The library's own: one and three more."""

EXPIRED_TOKEN = Refusal(
    401, b'{"odata.error":{"code":"InvalidAuthenticationInfo"}}', (("x-ms-error-code", "InvalidAuthenticationInfo"),)
)
WRONG_AUDIENCE = Refusal(
    401,
    b'{"odata.error":{"code":"InvalidAuthenticationInfo","message":{"value":"Audience validation failed."}}}',
    (("WWW-Authenticate", "Bearer authorization_uri=https://login.example resource_id=https://storage.azure.com"),),
)
NO_ROLE = Refusal(
    403,
    b'{"odata.error":{"code":"AuthorizationPermissionMismatch"}}',
    (("x-ms-error-code", "AuthorizationPermissionMismatch"),),
)

pytestmark = pytest.mark.usefixtures("hurried")


@pytest.fixture
def wire(azurite: Azurite) -> Iterator[TroubledWire]:
    with troubled_wire(azurite) as made:
        yield made


@pytest.fixture
def table() -> str:
    return f"azure{next(NUMBERS)}"


@pytest.mark.parametrize("refusal", [EXPIRED_TOKEN, WRONG_AUDIENCE, NO_ROLE], ids=["expired", "audience", "role"])
@pytest.mark.parametrize("operation", ["insert", "get", "list", "delete"])
def test_a_refused_token_is_our_configuration_and_never_an_empty_answer(
    wire: TroubledWire, table: str, refusal: Refusal, operation: str
) -> None:
    wire.store.insert(table, record())
    wire.troubles.always = refusal
    work: dict[str, Callable[[], object]] = {
        "insert": lambda: wire.store.insert(table, record("other")),
        "get": lambda: wire.store.get(table, "partition", "key"),
        "list": lambda: list(wire.store.list(table, "partition")),
        "delete": lambda: wire.store.delete(table, "partition", "key"),
    }
    with pytest.raises(ConfigurationError, match=r"TABLES_ENDPOINT: .*Storage Table Data Contributor"):
        work[operation]()
    wire.come_back()
    assert [left.key for left in wire.store.list(table, "partition")] == ["key"]


def test_a_busy_store_is_asked_again_as_often_as_the_library_does_and_then_it_is_an_error(
    wire: TroubledWire, table: str
) -> None:
    wire.store.insert(table, record())
    wire.troubles.next.extend([DOWN] * (ATTEMPTS - 1))
    assert wire.store.get(table, "partition", "key") is not None
    wire.troubles.next.extend([DOWN] * ATTEMPTS)
    with pytest.raises(StoreUnavailable, match="503"):
        wire.store.get(table, "partition", "key")
    assert wire.store.get(table, "partition", "key") is not None


@pytest.mark.parametrize("status", [500, 502, 504, 429, 409, 418])
def test_any_other_answer_is_an_error_and_never_a_record_that_is_not_there(
    wire: TroubledWire, table: str, status: int
) -> None:
    wire.store.insert(table, record())
    wire.troubles.always = Refusal(status, b"<html>not Azure</html>", (("Content-Type", "text/html"),))
    with pytest.raises(StoreUnavailable):
        wire.store.get(table, "partition", "key")


@pytest.mark.parametrize("trouble", [Trouble.CUT_BEFORE, Trouble.CUT_AFTER, Trouble.CUT_MIDWAY])
def test_a_connection_that_breaks_while_reading_is_opened_again(
    wire: TroubledWire, table: str, trouble: Trouble
) -> None:
    wire.store.insert(table, record(owner="first"))
    wire.troubles.next.append(trouble)
    read = wire.store.get(table, "partition", "key")
    assert read is not None
    assert read.values == {"owner": "first"}


@pytest.mark.parametrize("trouble", [Trouble.CUT_BEFORE, Trouble.CUT_AFTER, Trouble.CUT_MIDWAY])
def test_a_connection_that_breaks_each_time_is_an_error(wire: TroubledWire, table: str, trouble: Trouble) -> None:
    wire.store.insert(table, record())
    wire.troubles.always = trouble
    with pytest.raises(StoreUnavailable):
        wire.store.get(table, "partition", "key")


def test_a_store_without_a_listener_is_an_error(azurite: Azurite, table: str) -> None:
    with troubled_wire(azurite) as closed:
        pass
    with pytest.raises(StoreUnavailable, match="did not answer"):
        closed.store.get(table, "partition", "key")


def test_a_store_that_hangs_is_left_after_seconds_and_no_caller_queues_behind_anothers_wait(
    azurite: Azurite, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert azure.PATIENCE["read_timeout"] * ATTEMPTS < 60
    monkeypatch.setitem(azure.PATIENCE, "read_timeout", 0.5)
    failed: list[float] = []
    with troubled_wire(azurite) as wire:
        wire.troubles.always = Trouble.NO_ANSWER

        def look() -> None:
            began = time.monotonic()
            with pytest.raises(StoreUnavailable):
                wire.store.get(table, "partition", "key")
            failed.append(time.monotonic() - began)

        threads = [threading.Thread(target=look) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
    assert len(failed) == len(threads)
    assert max(failed) < 2 * min(failed) + 1, "one after the other they would have waited six times as long"


def test_a_record_renewed_while_the_expired_are_deleted_is_kept(wire: TroubledWire, table: str) -> None:
    for number in range(5):
        wire.store.insert(table, record(str(number), minutes=-1))
    read = wire.store.get(table, "partition", "2")
    assert read is not None
    wire.troubles.only = lambda _method, target: target.endswith("$batch")
    wire.troubles.meanwhile = lambda: wire.store.replace(table, replace(read, expires_at=START + timedelta(hours=8)))
    assert wire.store.delete_expired(table, START) == 4
    assert [left.key for left in wire.store.list(table, "partition")] == ["2"]


def test_a_batch_that_is_too_large_is_done_one_by_one(wire: TroubledWire, table: str) -> None:
    for number in range(5):
        wire.store.insert(table, record(str(number), minutes=-1))
    wire.troubles.only = lambda _method, target: target.endswith("$batch")
    wire.troubles.always = Refusal(413, b'{"odata.error":{"code":"RequestBodyTooLarge"}}')
    assert wire.store.delete_expired(table, START) == 5


def test_a_batch_whose_answer_was_lost_is_an_error_and_its_records_are_deleted(wire: TroubledWire, table: str) -> None:
    for number in range(5):
        wire.store.insert(table, record(str(number), minutes=-1))
    wire.troubles.only = lambda _method, target: target.endswith("$batch")
    wire.troubles.next.append(Trouble.CUT_AFTER)
    with pytest.raises(StoreUnavailable):
        wire.store.delete_expired(table, START)
    assert list(wire.store.list(table, "partition")) == []
