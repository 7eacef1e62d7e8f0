"""A commit that happened and was not answered is run again: what is stored and what is said are as if it had not."""

import re
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from shared.core.audit import SYSTEM, Action, AuditEvent, customer
from shared.core.mail import Mail, MailKind, MailState, NewMail, new_mail
from shared.core.models import Scan, ScanKey, ScanStatus, Step, StepStatus
from shared.sql.collected.charge_totals import ChargeTotals
from shared.sql.deletion.purge_runs import PurgeRuns
from shared.sql.ledgers.audit import AuditLog
from shared.sql.ledgers.outbox import Outbox
from shared.sql.reviews.replays import Replays
from shared.sql.scans.dead_letters import DeadLetter, DeadLetters
from shared.sql.scans.scans import ScanMails
from shared.sql.scans.subscriptions import Subscriptions
from shared.sql.schema.outbox_tables import outbox
from tests.support.clock import FakeClock
from tests.support.databases import empty_file
from tests.unit.shared.sql.lost_answers import LosesAnswers
from tests.unit.shared.sql.store import LEASE, NOW, PERIOD, TENANT, USER, Store, cost, subscription

LATER = NOW + timedelta(minutes=1)
COLLEAGUE = "another colleague"
CHANGING = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class LostAnswerStore:
    """A store with something in it."""

    store: Store
    scan_id: str
    held: Step
    free: Step
    failed: Step
    scan: Scan
    letter: DeadLetter
    mail: Mail


REMINDER = NewMail(MailKind.REVIEW_DUE, "rita@caleta.example")


def claimed_mail(store: Store) -> Mail:
    """A mail about a deletion, just being sent."""
    told = NewMail(MailKind.DELETION_DONE, "owner@contoso.example")
    mail = new_mail(TENANT, str(uuid.uuid4()), told, MailState.PENDING, NOW)
    with store.database.transaction(TENANT) as connection:
        connection.execute(insert(outbox).values(vars(mail)))
    claimed = Outbox(store.database).claim(TENANT, mail.mail_id, NOW)
    assert claimed is not None
    return claimed


def filled(store: Store) -> LostAnswerStore:
    store.connections.save(TENANT, USER, "owner@contoso.example", b"token", NOW)
    store.connections.save(TENANT, COLLEAGUE, "colleague@contoso.example", b"token", NOW)
    scan = store.scan()
    held = store.claimed(scan)
    free = store.step(scan, "inventory")
    failed = store.step(scan, "reservations")
    store.steps.complete(failed, StepStatus.FAILED, NOW)
    DeadLetters(store.database).record(TENANT, "collect-reservations", "bad", "{}", NOW, "{}")
    (letter,) = DeadLetters(store.database).list()
    now = store.scans.get(scan.key)
    assert now is not None
    return LostAnswerStore(
        store, scan.scan_id, store.save(held, [cost("1"), cost("2")]), free, failed, now, letter, claimed_mail(store)
    )


def event() -> AuditEvent:
    return AuditEvent(LATER, TENANT, customer(USER, "owner@contoso.example"), Action.DATA_EXTRACTED)


def held(store: LostAnswerStore, step: Step) -> Step:
    """Without the lease's id, which is another each time."""
    claimed = store.store.steps.claim(TENANT, step.step_id, LATER, LEASE)
    assert claimed is not None
    return replace(claimed, lease_id="ours")


def ended(store: LostAnswerStore) -> None:
    for step in (store.held, store.store.steps.claim(TENANT, store.free.step_id, NOW, LEASE)):
        assert step is not None
        store.store.steps.complete(step, StepStatus.SUCCEEDED, NOW)


Act = Callable[[LostAnswerStore], Any]
WRITES: dict[str, Act] = {
    "Connections.save": lambda s: s.store.connections.save(TENANT, "another", "b@contoso.example", b"token", NOW),
    "Connections.save again": lambda s: s.store.connections.save(TENANT, USER, "b@contoso.example", b"other", LATER),
    "Connections.replace_refresh_token": lambda s: s.store.connections.replace_refresh_token(TENANT, USER, b"new", 1),
    "Connections.require_sign_in": lambda s: s.store.connections.require_sign_in(TENANT, USER, "expired", at=LATER),
    "Connections.disconnect": lambda s: s.store.connections.disconnect(TENANT, USER, by=SYSTEM, at=LATER),
    "Scans.create": lambda s: replace(s.store.scans.create(TENANT, COLLEAGUE, PERIOD, LATER), scan_id=""),
    "Scans.begin_finishing": lambda s: s.store.scans.begin_finishing(ScanKey(TENANT, s.scan_id)),
    "Scans.note_totals": lambda s: s.store.scans.note_totals(ScanKey(TENANT, s.scan_id)),
    "Scans.finish": lambda s: s.store.scans.finish(ScanKey(TENANT, s.scan_id), ScanStatus.COLLECTED, None, LATER),
    "Scans.cancel_running": lambda s: s.store.scans.cancel_running(TENANT, USER, "revoked", LATER),
    "Steps.insert_missing": lambda s: s.store.steps.insert_missing(
        ScanKey(TENANT, s.scan_id), [("advisor", subscription())], LATER
    ),
    "Steps.claim": lambda s: held(s, s.free),
    "Steps.save_page": lambda s: s.store.save(s.held, [cost("3")]),
    "Steps.restart": lambda s: s.store.steps.restart(s.held, LATER, simplified=True),
    "Steps.skip_request": lambda s: s.store.steps.skip_request(s.held, "[]", LATER),
    "Scans.end_drafting": lambda s: s.store.scans.end_drafting(ScanKey(TENANT, s.scan_id), LATER),
    "Steps.wait": lambda s: s.store.steps.wait(s.held, LATER, "throttled", LATER),
    "Steps.release": lambda s: s.store.steps.release(s.held, LATER),
    "Steps.complete": lambda s: s.store.steps.complete(s.held, StepStatus.SUCCEEDED, LATER),
    "Steps.touch": lambda s: s.store.steps.touch(s.free, LATER),
    "ChargeTotals.compute": lambda s: ChargeTotals(s.store.database).compute(ScanKey(TENANT, s.scan_id)),
    "CostTotals.compute": lambda s: s.store.totals.compute(ScanKey(TENANT, s.scan_id)),
    "Subscriptions.replace": lambda s: Subscriptions(s.store.database).replace(
        ScanKey(TENANT, s.scan_id), [subscription()]
    ),
    "AuditLog.append": lambda s: AuditLog(s.store.database).append(event()),
    "AuditLog.append without a tenant": lambda s: AuditLog(s.store.database).append(replace(event(), tenant_id=None)),
    "DeadLetters.record": lambda s: DeadLetters(s.store.database).record(TENANT, "costs", "bad", "{}", LATER),
    "Replays.of_step": lambda s: Replays(s.store.database).of_step((s.letter, event()), s.failed, s.scan),
    "Replays.of_drafts": lambda s: Replays(s.store.database).of_drafts((s.letter, event()), s.scan),
    "ScanMails.write": lambda s: ScanMails(s.store.database).write(ScanKey(TENANT, s.scan_id), REMINDER, LATER),
    "Outbox.end of a deletion's mail": lambda s: Outbox(s.store.database).end(s.mail, MailState.SENT, None, LATER),
    "PurgeRuns.begin": lambda s: PurgeRuns(s.store.database).begin(NOW.date(), LATER),
}
NEEDS_ENDED_STEPS = {"Scans.begin_finishing"}
VERSIONS = {"Connections.save", "Connections.save again", "Connections.disconnect", "Connections.require_sign_in"}
"""Those count the consent's version up once more: a refresh that began before either is refused, and rightly."""


@pytest.fixture
def lossy(path: Path) -> Iterator[LosesAnswers]:
    database = LosesAnswers.connect(f"sqlite:///{path}", clock=FakeClock())
    yield database
    database.dispose()


def rows(path: Path, name: str) -> dict[str, list[tuple[Any, ...]]]:
    """All that is stored, with every random id as the same word."""
    with closing(sqlite3.connect(path)) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in tables}  # noqa: S608
    if name in VERSIONS:
        found["connections"] = [(*row[:7], *row[8:]) for row in found["connections"]]
    return {table: sorted(tuple(map(_steady, row)) for row in kept) for table, kept in found.items()}


def _steady(value: object) -> str:
    return CHANGING.sub("an id", str(value))


def outcome(path: Path, database: LosesAnswers, name: str, *, loses: bool) -> tuple[str, dict[str, Any]]:
    store = filled(Store(database))
    if name in NEEDS_ENDED_STEPS:
        ended(store)
    if loses:
        database.lose_next()
    said = _steady(WRITES[name](store))
    return said, rows(path, name)


@pytest.mark.parametrize("name", WRITES)
def test_a_write_whose_commit_was_not_answered_is_done_once_and_answered(
    name: str, path: Path, tmp_path: Path, lossy: LosesAnswers
) -> None:
    other = tmp_path / "undisturbed.db"
    empty_file(other)
    undisturbed = LosesAnswers.connect(f"sqlite:///{other}")
    expected = outcome(other, undisturbed, name, loses=False)
    undisturbed.dispose()
    assert outcome(path, lossy, name, loses=True) == expected
    assert lossy.lost == 1


def test_a_scan_that_begins_is_begun_by_the_one_who_was_not_answered(lossy: LosesAnswers) -> None:
    store = Store(lossy)
    scan = store.scan()
    lossy.lose_next()
    assert store.scans.begin_collecting(scan.key)
    assert not store.scans.begin_collecting(scan.key)


def test_another_workers_lease_is_not_ours_for_want_of_an_answer(lossy: LosesAnswers) -> None:
    store = Store(lossy)
    step = store.claimed()
    lossy.lose_next()
    assert store.steps.claim(TENANT, step.step_id, NOW, LEASE) is None
