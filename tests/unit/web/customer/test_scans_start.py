from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from shared.core.messages import ScanMessage
from shared.core.models import Scan, ScanStatus
from shared.core.periods import last_complete_months
from shared.messaging.queues import SCAN_REQUESTS
from tests.support.collecting import TENANT, USER, Surroundings
from tests.support.consented import consent
from web.customer.scans import FRESH_HOURS, scan_after_sign_in, start_scan

COLLEAGUE = "99999999-9999-4999-8999-999999999999"


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Surroundings]:
    made = Surroundings(tmp_path)
    for user in (USER, COLLEAGUE):
        consent(made.database, TENANT, user, made.clock.now())
    yield made
    made.database.dispose()


def again(parts: Surroundings) -> Scan:
    return scan_after_sign_in(parts, TENANT, USER)


def finish(parts: Surroundings, scan: Scan, status: ScanStatus) -> None:
    assert parts.scans.finish(scan.key, status, None, parts.clock.now())


def test_a_scan_is_of_the_last_complete_months_and_its_message_finds_it(parts: Surroundings) -> None:
    scan = start_scan(parts, TENANT, USER)
    assert scan.period == last_complete_months(parts.clock.now().date())
    assert parts.scans.get(scan.key) == scan
    (message,) = parts.outbox.of(SCAN_REQUESTS.name)
    assert ScanMessage.decode(message.body) == ScanMessage(tenant_id=TENANT, scan_id=scan.scan_id)
    assert message.message_id == f"{scan.scan_id}:plan:1"


def test_if_the_message_cannot_be_sent_the_scan_is_there_for_the_sweeper(parts: Surroundings) -> None:
    parts.outbox.refuses = ConnectionError("no queue")
    with pytest.raises(ConnectionError):
        start_scan(parts, TENANT, USER)
    scan = parts.scans.latest(TENANT, USER)
    assert scan is not None
    assert scan.status is ScanStatus.REQUESTED


def test_a_scan_that_runs_is_shown_and_none_is_started(parts: Surroundings) -> None:
    first = again(parts)
    parts.time.sleep(3 * FRESH_HOURS * 3600)
    assert again(parts).scan_id == first.scan_id
    assert len(parts.outbox.sent) == 1


@pytest.mark.parametrize("status", [ScanStatus.COLLECTED, ScanStatus.PARTIAL])
def test_a_scan_that_was_read_is_shown_for_a_day(parts: Surroundings, status: ScanStatus) -> None:
    first = again(parts)
    finish(parts, first, status)
    parts.time.sleep(timedelta(hours=FRESH_HOURS).total_seconds() - 1)
    assert again(parts).scan_id == first.scan_id
    parts.time.sleep(1)
    assert again(parts).scan_id != first.scan_id


@pytest.mark.parametrize("status", [ScanStatus.BLOCKED, ScanStatus.FAILED, ScanStatus.CANCELLED])
def test_signing_in_again_after_a_failed_scan_starts_another(parts: Surroundings, status: ScanStatus) -> None:
    first = again(parts)
    finish(parts, first, status)
    assert again(parts).scan_id != first.scan_id


def test_a_colleagues_scan_is_not_mine(parts: Surroundings) -> None:
    assert scan_after_sign_in(parts, TENANT, COLLEAGUE).scan_id != again(parts).scan_id
