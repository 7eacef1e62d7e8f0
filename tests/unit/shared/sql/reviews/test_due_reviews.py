"""Reviews that are due soon."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from shared.core.audit import Action, AuditEvent, operator
from shared.core.mail import MailKind, NewMail
from shared.core.models import Scan, ScanKey, ScanStatus
from shared.core.operators import Operator, Role
from shared.sql.engine.engine import Database
from shared.sql.reviews.due_reviews import DueReviews
from shared.sql.reviews.operators import Reviewer
from shared.sql.reviews.reviews import Reviews
from shared.sql.scans.scans import ScanMails, Scans
from tests.support.clock import START as NOW
from tests.support.collecting import OTHER_TENANT, PERIOD, TENANT, USER
from tests.support.consented import consented_scan
from tests.support.databases import empty_database

RITA = operator("77777777-7777-4777-8777-777777777777", "rita@caleta.example")
HOUR = timedelta(hours=1)
SOON = NOW + 20 * HOUR


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = empty_database(tmp_path / "caleta.sqlite")
    yield made
    made.dispose()


@pytest.fixture
def reminders(database: Database) -> DueReviews:
    return DueReviews(database)


def scanned(database: Database, status: ScanStatus = ScanStatus.COLLECTED, tenant_id: str = TENANT) -> Scan:
    scan = consented_scan(database, tenant_id, USER, PERIOD, NOW - HOUR)
    Scans(database).finish(ScanKey(tenant_id, scan.scan_id), status, None, NOW)
    return scan


def take(database: Database, scan: Scan, name: str = "rita@caleta.example") -> None:
    event = AuditEvent(NOW, scan.tenant_id, RITA, Action.REVIEW_CLAIMED)
    to = Reviewer(str(RITA.object_id), name)
    assert Reviews(database).assign(scan.key, owner=None, to=to, at=NOW, event=event)


def test_it_is_due_soon_in_its_last_four_hours_and_at_no_other_time(database: Database, reminders: DueReviews) -> None:
    scan = scanned(database)
    assert reminders.find(SOON - timedelta(seconds=1)) == []
    for moment in (SOON, NOW + 24 * HOUR - timedelta(seconds=1)):
        assert [due.scan_id for due in reminders.find(moment)] == [scan.scan_id]
    assert reminders.find(NOW + 24 * HOUR) == []


@pytest.mark.parametrize("status", [ScanStatus.FAILED, ScanStatus.BLOCKED, ScanStatus.CANCELLED])
def test_a_scan_without_data_has_no_review(database: Database, reminders: DueReviews, status: ScanStatus) -> None:
    scanned(database, status)
    assert reminders.find(SOON) == []


def test_a_published_review_is_not_due_any_more(database: Database, reminders: DueReviews) -> None:
    scan = scanned(database)
    who = Operator(str(RITA.object_id), "rita@caleta.example", frozenset({Role.REVIEWER}), NOW, NOW + HOUR, NOW)
    event = AuditEvent(NOW, TENANT, RITA, Action.FINDINGS_PUBLISHED)
    assert Reviews(database).publish(scan.key, who, NOW, event)
    assert reminders.find(SOON) == []


def test_it_is_found_with_its_owner_until_a_reminder_was_sent(database: Database, reminders: DueReviews) -> None:
    scan, other = scanned(database), scanned(database, tenant_id=OTHER_TENANT)
    take(database, scan)
    owners = {due.scan_id: due.owner for due in reminders.find(SOON)}
    assert owners == {scan.scan_id: "rita@caleta.example", other.scan_id: None}
    reminder = NewMail(MailKind.REVIEW_DUE, "rita@caleta.example")
    assert ScanMails(database).write(scan.key, reminder, SOON)
    assert [due.scan_id for due in reminders.find(SOON + HOUR)] == [other.scan_id]
