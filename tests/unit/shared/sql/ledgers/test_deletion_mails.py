"""The mail about a deletion: to an address that is deleted, and kept for nothing else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from shared.core.audit import SYSTEM, Action, AuditEvent, Outcome
from shared.core.deletions import Deletion, DeletionReason, DeletionScope
from shared.core.mail import Mail, MailKind, MailState
from shared.core.models import ScanKey
from shared.sql.deletion.deletions import DeletionRequest, Deletions
from shared.sql.engine.engine import Database
from shared.sql.ledgers.audit import AuditEntry, AuditLog
from shared.sql.ledgers.outbox import DEAD_AFTER, Outbox
from shared.sql.scans.connections import Connections
from shared.sql.schema.outbox_tables import outbox
from tests.support.clock import START as NOW
from tests.support.collecting import OTHER_TENANT, TENANT, USER
from tests.support.databases import empty_database
from tests.unit.shared.sql.store import PSEUDONYMS

SECOND_USER = "55555555-5555-4555-8555-555555555555"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Two users of one customer, one of another."""
    made = empty_database(tmp_path / "caleta.sqlite")
    for tenant_id, user, name in (
        (TENANT, USER, "owner@contoso.example"),
        (TENANT, SECOND_USER, "no address"),
        (OTHER_TENANT, USER, "a@fabrikam.example"),
    ):
        Connections(made).save(tenant_id, user, name, b"token", NOW)
    yield made
    made.dispose()


def asked(database: Database, scope: DeletionScope = DeletionScope.CUSTOMER, *, notify: bool = True) -> Deletion:
    user = USER if scope is DeletionScope.USER else None
    event = AuditEvent(NOW, TENANT, SYSTEM, Action.DELETION_REQUESTED, user_object_id=user)
    wanted = DeletionRequest(TENANT, scope, DeletionReason.OPERATOR, event, user_object_id=user, notify=notify)
    return Deletions(database, PSEUDONYMS).ask(wanted)


def done(database: Database, deletion: Deletion) -> Mail:
    """Works it off; its one mail."""
    while Deletions(database, PSEUDONYMS).work(deletion, NOW):
        pass
    (mail,) = Outbox(database).of_scan(ScanKey(TENANT, deletion.receipt_id))
    return mail


def claimed(database: Database, mail: Mail) -> Mail:
    held = Outbox(database).claim(mail.tenant_id, mail.mail_id, NOW)
    assert held is not None
    return held


def told(database: Database) -> list[AuditEntry]:
    return [one for one in AuditLog(database).of_customer(TENANT) if one.action is Action.DELETION_TOLD]


def kept_addresses(database: Database) -> list[str]:
    with database.system_transaction() as connection:
        return list(connection.execute(select(outbox.c.recipient)).scalars())


def test_it_waits_until_nothing_is_left_to_delete(database: Database) -> None:
    deletion = asked(database)
    (waiting,) = Outbox(database).of_scan(ScanKey(TENANT, deletion.receipt_id))
    assert (waiting.kind, waiting.state) == (MailKind.DELETION_DONE, MailState.WAITING)
    assert Outbox(database).claim(TENANT, waiting.mail_id, NOW) is None
    assert done(database, deletion).state is MailState.PENDING


def test_it_outlives_the_deletion_that_it_reports_and_the_next(database: Database) -> None:
    first = asked(database)
    done(database, first)
    done_again = asked(database, notify=False)
    while Deletions(database, PSEUDONYMS).work(done_again, NOW):
        pass
    assert kept_addresses(database) == ["owner@contoso.example"]


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        (MailState.SENT, Outcome.DONE),
        (MailState.FAILED, Outcome.FAILED),
        (MailState.UNCERTAIN, Outcome.FAILED),
    ],
)
def test_however_it_ends_no_address_is_kept_and_the_log_says_how(
    database: Database, state: MailState, outcome: Outcome
) -> None:
    deletion = asked(database)
    held = claimed(database, done(database, deletion))
    assert Outbox(database).end(held, state, "403 Denied" if outcome is Outcome.FAILED else None, NOW)
    assert kept_addresses(database) == []
    (entry,) = told(database)
    assert (entry.outcome, entry.subject_id, entry.details["state"]) == (outcome, deletion.receipt_id, state)
    assert "owner" not in str(entry.details)


def test_it_ends_once(database: Database) -> None:
    held = claimed(database, done(database, asked(database)))
    assert Outbox(database).end(held, MailState.SENT, None, NOW)
    assert not Outbox(database).end(held, MailState.FAILED, "late", NOW)
    assert len(told(database)) == 1


def test_a_mail_of_a_worker_that_died_is_uncertain_and_its_address_is_deleted(database: Database) -> None:
    claimed(database, done(database, asked(database)))
    (given_up,) = Outbox(database).give_up_abandoned(NOW + DEAD_AFTER)
    assert given_up.state is MailState.UNCERTAIN
    assert kept_addresses(database) == []
    assert told(database)[0].outcome is Outcome.FAILED


def test_that_user_is_notified_of_their_own_deletion(database: Database) -> None:
    held = claimed(database, done(database, asked(database, DeletionScope.USER)))
    Outbox(database).end(held, MailState.SENT, None, NOW)
    assert told(database)[0].user_object_id == USER


def test_a_deletion_without_notification_keeps_no_address(database: Database) -> None:
    asked(database, notify=False)
    assert kept_addresses(database) == []


def test_a_deletion_that_is_done_again_after_a_restore_is_not_told_again(database: Database) -> None:
    deletion = asked(database, notify=False)
    Connections(database).save(TENANT, USER, "owner@contoso.example", b"token", NOW)
    again = Deletions(database, PSEUDONYMS).repeat(deletion)
    while Deletions(database, PSEUDONYMS).work(again, NOW):
        pass
    assert kept_addresses(database) == []
