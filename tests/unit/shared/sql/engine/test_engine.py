import threading
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from shared.core.audit import SYSTEM, Action, AuditEvent
from shared.core.errors import ConfigurationError
from shared.sql.engine.engine import Database, exact_sum
from shared.sql.schema.tables import connections, scans
from tests.support.databases import needs_sqlite
from tests.unit.shared.sql.store import NOW, TENANT, USER, Store


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///", "sqlite:///:memory:"])
def test_sqlite_in_memory_is_refused_since_each_thread_would_have_its_own(url: str) -> None:
    with pytest.raises(ConfigurationError, match="needs a file"):
        Database.connect(url)


def test_connecting_opens_nothing(tmp_path: Path) -> None:
    Database.connect(f"sqlite:///{tmp_path}/later.db").dispose()
    assert list(tmp_path.iterdir()) == []


def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    def write_and_fail() -> None:
        with store.database.transaction(TENANT) as connection:
            connection.execute(connections.insert().values(_connection()))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    assert store.connections.get(TENANT, USER) is None


def _connection() -> dict[str, object]:
    return {
        "tenant_id": TENANT,
        "user_object_id": USER,
        "username": "owner@contoso.example",
        "state": "active",
        "refresh_token_encrypted": b"an encrypted token",
        "version": 1,
        "consented_at": NOW,
    }


def test_an_error_does_not_quote_what_was_to_be_stored(store: Store) -> None:
    consent = connections.insert().values(_connection())
    with store.database.transaction(TENANT) as connection:
        connection.execute(consent)
        with pytest.raises(IntegrityError) as raised:
            connection.execute(consent)
    assert "owner@contoso" not in str(raised.value)
    assert "encrypted token" not in str(raised.value)


def test_a_reader_does_not_wait_for_a_writer_and_sees_what_was_there(store: Store) -> None:
    needs_sqlite()
    scan = store.scan()
    with store.database.transaction(TENANT) as writer:
        writer.execute(scans.delete())
        assert store.scans.get(scan.key) == scan
    assert store.scans.get(scan.key) is None


def test_a_read_transaction_cannot_begin_to_write_behind_another_writer(store: Store) -> None:
    needs_sqlite()
    store.scan()
    with store.database.reading(TENANT) as reader:
        reader.execute(select(scans)).all()
        store.scan()
        with pytest.raises(OperationalError, match="locked"):
            reader.execute(scans.delete())


def test_writers_queue_instead_of_failing(store: Store) -> None:
    failures: list[BaseException] = []

    def write() -> None:
        try:
            for _ in range(20):
                store.audit.append(AuditEvent(NOW, TENANT, SYSTEM, Action.SIGNED_OUT))
        except OperationalError as error:
            failures.append(error)

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert store.audit.count_of_customer(TENANT) == 160


def test_the_file_is_in_write_ahead_mode(store: Store) -> None:
    needs_sqlite()
    with store.database.system_transaction() as connection:
        modes = [connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous")]
    assert modes == ["wal", 1]


def test_sums_in_sql_are_exact(store: Store) -> None:
    needs_sqlite()
    statement = text("SELECT exact_sum(value) FROM (SELECT '0.1' AS value UNION ALL SELECT '0.2')")
    with store.database.system_transaction() as connection:
        assert connection.execute(statement).scalar() == "0.3"
        assert connection.execute(select(exact_sum(scans.c.status))).scalar() is None
