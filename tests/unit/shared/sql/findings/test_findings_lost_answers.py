"""What is done to findings when a commit happened and was not answered: done once, and said to be done."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from shared.core.audit import Action, AuditEvent, customer, operator
from shared.core.findings import (
    Confidence,
    Decision,
    DraftFinding,
    Effort,
    Finding,
    FindingState,
    FindingStatus,
    Measure,
)
from shared.core.models import Scan
from shared.sql.findings.decisions import FindingStates
from shared.sql.findings.drafts import FindingDrafts
from shared.sql.findings.edits import Edit, FindingEdits
from shared.sql.findings.findings import Findings
from shared.sql.findings.publication import FindingPublication
from shared.sql.schema.record_tables import audit_events
from tests.support.clock import FakeClock
from tests.unit.shared.sql.lost_answers import LosesAnswers
from tests.unit.shared.sql.store import NOW, TENANT, USER, Store

LATER = NOW + timedelta(minutes=1)
REVIEWER = operator("77777777-7777-4777-8777-777777777777", "reviewer@caleta.example")
EDIT = Edit("A title", "A text", Confidence.HIGH, Effort.LOW, None)
DRAFT = DraftFinding("rule:x", "Found", "Text", Measure.REMOVE, Confidence.HIGH, Effort.LOW, ())


class FindingStore:
    """A scan with one draft; the next commit is not answered."""

    def __init__(self, database: LosesAnswers) -> None:
        self.database = database
        self.scan: Scan = Store(database).scan()
        FindingDrafts(database).replace(self.scan.key, [DRAFT], NOW)
        self.edits = FindingEdits(database, self.scan, REVIEWER)
        self.publication = FindingPublication(database, self.scan, REVIEWER)

    @property
    def found(self) -> list[Finding]:
        return Findings(self.database).of_scan(self.scan.key)

    def recorded(self) -> int:
        with self.database.reading(TENANT) as connection:
            return connection.execute(select(func.count()).select_from(audit_events)).scalar_one()

    def decide(self, one: Finding) -> bool:
        state = FindingState(one.key, Decision.DONE, None, LATER, "owner", one.scan_id, 0, {})
        event = AuditEvent(LATER, TENANT, customer(USER, "owner"), Action.FINDING_DONE)
        return FindingStates(self.database, TENANT, USER).decide(one, state, event)


@pytest.fixture
def store(path: Path) -> Iterator[FindingStore]:
    database = LosesAnswers.connect(f"sqlite:///{path}", clock=FakeClock())
    yield FindingStore(database)
    database.dispose()


CHANGES: dict[str, Callable[[FindingStore, Finding], Finding | None]] = {
    "save": lambda store, one: store.edits.save(one.finding_id, 1, EDIT, LATER),
    "move": lambda store, one: store.edits.move(one.finding_id, 1, FindingStatus.DISCARDED, LATER),
    "check": lambda store, one: store.edits.check(one.finding_id, 1, LATER),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_that_was_not_answered_is_no_conflict_with_itself(store: FindingStore, name: str) -> None:
    (one,), recorded = store.found, store.recorded()
    store.database.lose_next()
    stored = CHANGES[name](store, one)
    assert stored is not None
    assert (stored.version, [each.version for each in store.found]) == (2, [2])
    assert store.recorded() == recorded + 1


def test_another_reviewers_change_is_a_conflict_all_the_same(store: FindingStore) -> None:
    (one,) = store.found
    colleague = FindingEdits(store.database, store.scan, replace(REVIEWER, name="lead@caleta.example"))
    assert colleague.save(one.finding_id, 1, EDIT, LATER) is not None
    store.database.lose_next()
    assert store.edits.save(one.finding_id, 1, EDIT, LATER) is None


def test_a_finding_is_created_once(store: FindingStore) -> None:
    store.database.lose_next()
    assert store.edits.create(EDIT, LATER) is not None
    assert len(store.found) == 2


def test_drafts_are_stored_once(store: FindingStore) -> None:
    store.database.lose_next()
    other = replace(DRAFT, key="rule:y")
    FindingDrafts(store.database).replace(store.scan.key, [DRAFT, other], LATER)
    assert [each.version for each in store.found] == [1, 1]


def test_findings_are_published_once(store: FindingStore) -> None:
    (one,), recorded = store.found, store.recorded()
    store.database.lose_next()
    assert store.publication.publish([(one.finding_id, 1)], [], LATER) == 1
    assert [(each.status, each.version) for each in store.found] == [(FindingStatus.PUBLISHED, 2)]
    assert store.recorded() == recorded + 1


def test_a_decision_is_kept_once(store: FindingStore) -> None:
    (one,) = store.found
    store.publication.publish([(one.finding_id, 1)], [], LATER)
    recorded = store.recorded()
    (published,) = store.found
    store.database.lose_next()
    assert store.decide(published)
    assert store.recorded() == recorded + 1
