"""How a scan ends."""

from dataclasses import replace
from decimal import Decimal

import pytest

from collectors.registry import collector
from collectors.scan.finish import ending, finish
from collectors.scan.outcomes import SIGN_IN_NEEDED
from collectors.scan.run import collect
from shared.core.errors import BadMessage, ConsentRevoked
from shared.core.mail import MailKind
from shared.core.models import Scan, ScanStatus, Step, StepStatus
from shared.sql.ledgers.outbox import Outbox
from tests.support.collecting import (
    FIRST,
    TENANT,
    USER,
    Surroundings,
    collecting_scan,
    cost_page,
    latest,
    scan_message,
    step_body,
    steps_of,
)
from tests.support.steps import a_step

SUCCEEDED = a_step(status=StepStatus.SUCCEEDED)
BLOCKED = a_step(status=StepStatus.BLOCKED, status_reason="A role is missing.")
SKIPPED = a_step(status=StepStatus.SKIPPED)
FAILED = a_step(status=StepStatus.FAILED)


@pytest.mark.parametrize(
    ("steps", "status"),
    [
        ([SUCCEEDED, SUCCEEDED], ScanStatus.COLLECTED),
        ([SUCCEEDED, BLOCKED], ScanStatus.PARTIAL),
        ([SUCCEEDED, SKIPPED], ScanStatus.PARTIAL),
        ([SUCCEEDED, FAILED], ScanStatus.PARTIAL),
        ([BLOCKED, FAILED], ScanStatus.BLOCKED),
        ([SKIPPED, FAILED], ScanStatus.FAILED),
    ],
)
def test_a_scan_is_collected_only_if_every_step_succeeded(steps: list[Step], status: ScanStatus) -> None:
    assert ending(steps)[0] is status


def test_a_partial_scan_says_how_much_is_missing() -> None:
    reason = ending([SUCCEEDED, BLOCKED, FAILED])[1]
    assert reason == "2 of 3 datasets are missing: 1 blocked, 1 failed. 0 of 1 subscription was read in full."


def test_a_refused_sign_in_ends_the_scan_as_blocked_whatever_was_read_before() -> None:
    refused = a_step(status=StepStatus.BLOCKED, status_code=SIGN_IN_NEEDED, status_reason="Sign in again.")
    assert ending([SUCCEEDED, refused]) == (ScanStatus.BLOCKED, "Sign in again.")


@pytest.fixture
def scan(parts: Surroundings) -> Scan:
    """A scan whose only step has just been read."""
    costs = collector("costs")
    scan = collecting_scan(parts, [("costs", FIRST)])
    parts.azure.pages[costs.endpoint.name, FIRST] = [cost_page(FIRST, "1.10", "-0.10")]
    collect(parts, costs, step_body(steps_of(parts, scan)[0]))
    return scan


def test_the_totals_are_computed_when_the_scan_ends(parts: Surroundings, scan: Scan) -> None:
    finish(parts, scan_message(scan))
    ended = latest(parts, scan)
    assert (ended.status, ended.status_reason, ended.finished_at) == (ScanStatus.COLLECTED, None, parts.time.now())
    (total,) = parts.cost_totals.read(scan.key, "service")
    assert (total.value, total.billed_cost) == ("Storage", Decimal("1.00"))


def test_a_finish_that_is_delivered_twice_changes_nothing(parts: Surroundings, scan: Scan) -> None:
    finish(parts, scan_message(scan))
    ended = latest(parts, scan)
    parts.time.sleep(60)
    finish(parts, scan_message(scan))
    assert latest(parts, scan) == ended
    assert len(parts.cost_totals.read(scan.key, "service")) == 1


def test_a_finish_that_comes_too_early_ends_nothing(parts: Surroundings) -> None:
    scan = collecting_scan(parts, [("costs", FIRST)])
    finish(parts, scan_message(scan))
    assert latest(parts, scan).status is ScanStatus.COLLECTING


def test_a_body_that_is_no_message_is_a_bad_message(parts: Surroundings) -> None:
    with pytest.raises(BadMessage):
        finish(parts, b"{")


@pytest.fixture
def with_mail(parts: Surroundings) -> Surroundings:
    """A customer whose user name is an address, and reviewers."""
    parts.settings = replace(parts.settings, mail_sender="reviews@caleta.example", reviewers_email="us@caleta.example")
    parts.connections.save(TENANT, USER, "owner@contoso.example", b"encrypted", parts.time.now())
    return parts


def test_the_mails_of_an_end_are_written_down_with_it_and_asked_for(with_mail: Surroundings, scan: Scan) -> None:
    finish(with_mail, scan_message(scan))
    finish(with_mail, scan_message(scan))
    mails = Outbox(with_mail.database).of_scan(scan.key)
    assert [(mail.kind, mail.recipient) for mail in mails] == [
        (MailKind.NEW_SCAN, "us@caleta.example"),
        (MailKind.REPORT_READY, "owner@contoso.example"),
    ]
    assert len({message.message_id for message in with_mail.outbox.of("send-mail")}) == 2


def test_the_customer_is_notified_of_a_refused_sign_in(with_mail: Surroundings) -> None:
    scan = collecting_scan(with_mail, [("costs", FIRST)])
    with_mail.broker.tokens.refusal = ConsentRevoked("invalid_grant AADSTS50173", "All your sign-ins were ended.")
    collect(with_mail, collector("costs"), step_body(steps_of(with_mail, scan)[0]))
    finish(with_mail, scan_message(scan))
    (mail,) = Outbox(with_mail.database).of_scan(scan.key)
    assert mail.kind is MailKind.SIGN_IN_NEEDED
