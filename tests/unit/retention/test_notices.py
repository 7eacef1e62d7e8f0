from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from retention.notices import send_notices
from shared.core.audit import Action
from shared.core.mail import MailKind, MailState
from shared.core.models import ScanStatus
from shared.core.periods import deletion_due_on
from shared.core.settings import read_settings
from shared.mail.content import scan_mail
from shared.messaging.queues import SEND_MAIL
from shared.sql.schema.outbox_tables import outbox
from tests.support.collecting import Outbox, settings_for
from tests.unit.retention.night import Night
from tests.unit.shared.sql.store import NOW, OTHER_TENANT, PERIOD, TENANT, USER, cost

DUE = deletion_due_on(NOW.date())
ONE_DAY = timedelta(days=1)


@pytest.fixture
def night(night: Night, tmp_path: Path) -> Night:
    """A night on which mail can be sent."""
    night.settings = replace(
        read_settings(settings_for(f"sqlite:///{tmp_path}/x.db")), mail_sender="noreply@caleta.example"
    )
    night.queues = Outbox()
    return night


def mails(night: Night) -> list[tuple[str, str, str]]:
    with night.database.system_transaction() as connection:
        found = connection.execute(select(outbox.c.tenant_id, outbox.c.kind, outbox.c.recipient, outbox.c.state))
        assert {row.state for row in found} <= {MailState.PENDING}
        found = connection.execute(select(outbox.c.tenant_id, outbox.c.kind, outbox.c.recipient))
        return [(row[0], row[1], row[2]) for row in found]


def test_it_is_written_thirty_days_before_and_not_a_day_earlier(night: Night) -> None:
    night.customer()
    assert send_notices(night, DUE - 31 * ONE_DAY) == 0
    assert mails(night) == []
    assert send_notices(night, DUE - 30 * ONE_DAY) == 1
    assert mails(night) == [(TENANT, MailKind.DELETION_DUE, "owner@contoso.example")]
    assert len(night.queues.of(SEND_MAIL.name)) == 1  # type: ignore[attr-defined]


def test_it_is_written_once(night: Night) -> None:
    night.customer()
    assert [send_notices(night, DUE - days * ONE_DAY) for days in (30, 29, 1)] == [1, 0, 0]


def test_after_nights_that_were_missed_it_comes_late_but_comes(night: Night) -> None:
    night.customer()
    assert send_notices(night, DUE - 2 * ONE_DAY) == 1


def test_a_new_scan_has_a_notice_of_its_own(night: Night) -> None:
    night.customer()
    send_notices(night, DUE - 30 * ONE_DAY)
    night.store.scan_with(cost("1"), at=datetime.combine(DUE - 20 * ONE_DAY, NOW.time(), UTC))
    assert send_notices(night, DUE - 10 * ONE_DAY) == 0
    assert send_notices(night, date(2028, 10, 10)) == 1


@pytest.mark.parametrize("status", [ScanStatus.FAILED, ScanStatus.BLOCKED, ScanStatus.CANCELLED])
def test_a_later_scan_that_read_nothing_brings_no_second_notice(night: Night, status: ScanStatus) -> None:
    """It does not move the day, so the customer has been notified already."""
    night.customer()
    read = night.store.scans.latest(TENANT, USER)
    assert read is not None
    night.store.scans.finish(read.key, ScanStatus.COLLECTED, None, NOW)
    assert send_notices(night, DUE - 30 * ONE_DAY) == 1
    later = night.store.scans.create(TENANT, USER, PERIOD, datetime.combine(DUE - 20 * ONE_DAY, NOW.time(), UTC))
    night.store.scans.finish(later.key, status, "Nothing could be read.", NOW)
    assert send_notices(night, DUE - 10 * ONE_DAY) == 0


def test_it_is_on_record(night: Night) -> None:
    night.customer()
    send_notices(night, DUE - 30 * ONE_DAY)
    newest = night.store.audit.of_user(TENANT, USER)[0]
    assert (newest.action, newest.details) == (Action.RETENTION_NOTICE, {"deleted_on": "2027-11-23"})


def test_no_mail_is_written_without_an_address_or_a_sender(night: Night) -> None:
    night.store.connections.save(TENANT, USER, "no address", b"token", NOW)
    night.store.scan_with(cost("1"))
    night.store.connections.save(OTHER_TENANT, USER, "no address", b"token", NOW)
    night.store.scan_with(cost("1"), tenant_id=OTHER_TENANT)
    assert send_notices(night, DUE - ONE_DAY) == 0
    night.customer("55555555-5555-4555-8555-555555555555")
    night.settings = replace(night.settings, mail_sender="")
    assert send_notices(night, DUE - ONE_DAY) == 0
    assert mails(night) == []


def test_the_mail_says_the_day_and_what_can_be_done(night: Night) -> None:
    night.customer()
    scan = night.store.scans.latest(TENANT, USER)
    assert scan is not None
    written = scan_mail(MailKind.DELETION_DUE, scan, "https://app.example")
    assert "On 23 Nov 2027" in written.html
    assert written.link == "https://app.example/data"
