import contextlib
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

import pytest

from local.tables import LocalTableStore
from shared.identity.id_token import Identity
from shared.identity.sessions import IDLE_MINUTES, SESSION_HOURS, SESSIONS_TABLE, Sessions, key_of
from shared.table_storage.store import Record, StoreUnavailable
from tests.support.clock import START, FakeClock
from tests.support.entra_double import TENANT, USER

IDENTITY = Identity(TENANT, USER, "owner@contoso.example")
COLLEAGUE = Identity(TENANT, "55555555-5555-5555-5555-555555555555", "reader@contoso.example")


def unavailable(*_: object) -> NoReturn:
    raise StoreUnavailable("the store is down")


@pytest.fixture
def sessions(tables: LocalTableStore, clock: FakeClock) -> Sessions:
    return Sessions(tables, clock)


def test_a_session_knows_whose_it_is(sessions: Sessions) -> None:
    session = sessions.get(sessions.create(IDENTITY))
    assert session is not None
    assert (session.tenant_id, session.user_object_id, session.username) == (TENANT, USER, "owner@contoso.example")
    assert session.created_at == START
    assert session.expires_at - session.created_at == timedelta(hours=SESSION_HOURS)


def test_the_cookie_value_is_not_in_the_table(sessions: Sessions, tables: LocalTableStore, tmp_path: Path) -> None:
    cookie = sessions.create(IDENTITY)
    assert tables.get(SESSIONS_TABLE, "session", key_of(cookie)) is not None
    assert not any(cookie.encode() in path.read_bytes() for path in tmp_path.iterdir())


def test_a_session_ends_eight_hours_after_the_sign_in_however_it_is_used(sessions: Sessions, clock: FakeClock) -> None:
    cookie = sessions.create(IDENTITY)
    for _ in range(SESSION_HOURS * 60 - 1):
        clock.sleep(60)
        assert sessions.get(cookie) is not None
    clock.sleep(60)
    assert sessions.get(cookie) is None


def test_a_session_ends_after_two_hours_without_use(sessions: Sessions, clock: FakeClock) -> None:
    cookie = sessions.create(IDENTITY)
    clock.sleep(IDLE_MINUTES * 60 - 1)
    assert sessions.get(cookie) is not None
    clock.sleep(IDLE_MINUTES * 60)
    assert sessions.get(cookie) is None


def test_a_use_is_noted_once_in_five_minutes(sessions: Sessions, tables: LocalTableStore, clock: FakeClock) -> None:
    cookie = sessions.create(IDENTITY)

    def version() -> str:
        record = tables.get(SESSIONS_TABLE, "session", key_of(cookie))
        assert record is not None
        return record.etag

    first = version()
    for _ in range(4):
        clock.sleep(60)
        sessions.get(cookie)
    assert version() == first
    clock.sleep(60)
    sessions.get(cookie)
    assert version() != first


def test_a_users_sessions_are_listed_by_their_last_use(sessions: Sessions, clock: FakeClock) -> None:
    first, second = sessions.create(IDENTITY), sessions.create(IDENTITY)
    sessions.create(COLLEAGUE)
    clock.sleep(600)
    sessions.get(first)
    assert [one.key for one in sessions.of_user(TENANT, USER)] == [key_of(first), key_of(second)]
    sessions.revoke(first)
    assert [one.key for one in sessions.of_user(TENANT, USER)] == [key_of(second)]


def test_one_session_of_the_user_can_be_ended_by_its_key_and_no_other_users(sessions: Sessions) -> None:
    mine, theirs = sessions.create(IDENTITY), sessions.create(COLLEAGUE)
    assert not sessions.end(TENANT, USER, key_of(theirs))
    assert not sessions.end(TENANT, USER, "../session")
    assert sessions.end(TENANT, USER, key_of(mine))
    assert (sessions.get(mine), sessions.get(theirs) is None) == (None, False)


def test_ending_all_sessions_deletes_their_records_and_the_users_name(
    sessions: Sessions, tables: LocalTableStore
) -> None:
    sessions.create(IDENTITY)
    sessions.revoke_all(TENANT, USER)
    assert list(tables.list(SESSIONS_TABLE, "session")) == []
    assert list(tables.list(SESSIONS_TABLE, f"session-of.{TENANT}.{USER}")) == []


def test_a_revoked_session_is_deleted_and_revoking_again_does_nothing(sessions: Sessions) -> None:
    cookie, other = sessions.create(IDENTITY), sessions.create(IDENTITY)
    sessions.revoke(cookie)
    sessions.revoke(cookie)
    assert sessions.get(cookie) is None
    assert sessions.get(other) is not None


def test_revoking_all_ends_the_users_sessions_everywhere_and_no_other_users(
    sessions: Sessions, clock: FakeClock
) -> None:
    mine, mine_too, theirs = sessions.create(IDENTITY), sessions.create(IDENTITY), sessions.create(COLLEAGUE)
    clock.sleep(1)
    for _ in range(2):
        sessions.revoke_all(TENANT, USER)
        assert [sessions.get(cookie) is None for cookie in (mine, mine_too, theirs)] == [True, True, False]
    clock.sleep(1)
    assert sessions.get(sessions.create(IDENTITY)) is not None


@pytest.mark.parametrize("operation", ["insert", "replace", "delete"])
def test_sessions_that_were_ended_stay_ended_when_ending_them_again_fails(
    sessions: Sessions, tables: LocalTableStore, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, operation: str
) -> None:
    stolen = sessions.create(IDENTITY)
    clock.sleep(1)
    sessions.revoke_all(TENANT, USER)
    clock.sleep(1)
    with monkeypatch.context() as broken:
        broken.setattr(tables, operation, unavailable)
        with contextlib.suppress(StoreUnavailable):
            sessions.revoke_all(TENANT, USER)
    assert sessions.get(stolen) is None


def test_sessions_ended_twice_at_once_are_ended_up_to_the_later_moment(
    sessions: Sessions, tables: LocalTableStore, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions.revoke_all(TENANT, USER)
    clock.sleep(1)
    first = sessions.create(IDENTITY)
    replace = tables.replace

    def overtaken(table: str, record: Record) -> None:
        """Another process ends them between our reading and our writing."""
        monkeypatch.setattr(tables, "replace", replace)
        sessions.revoke_all(TENANT, USER)
        replace(table, record)

    monkeypatch.setattr(tables, "replace", overtaken)
    sessions.revoke_all(TENANT, USER)
    assert sessions.get(first) is None


def test_ended_sessions_stay_ended_when_the_table_is_cleared(
    sessions: Sessions, tables: LocalTableStore, clock: FakeClock
) -> None:
    cookie = sessions.create(IDENTITY)
    clock.sleep(60)
    sessions.revoke_all(TENANT, USER)
    clock.sleep(SESSION_HOURS * 3600 - 30)
    tables.delete_expired(SESSIONS_TABLE, clock.now())
    assert sessions.get(cookie) is None
    clock.sleep(30)
    assert tables.delete_expired(SESSIONS_TABLE, clock.now()) == 1


@pytest.mark.parametrize(
    "cookie", [None, "", "x", "a" * 43, "a" * 42 + "/", "a" * 44, "../session", "a" * 42 + "\n", "ä" * 43]
)
def test_a_foreign_cookie_is_no_session(sessions: Sessions, cookie: str | None) -> None:
    sessions.revoke(cookie)
    assert sessions.get(cookie) is None
