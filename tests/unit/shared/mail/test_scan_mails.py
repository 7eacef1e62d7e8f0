"""Who gets which mail when a scan ends."""

from dataclasses import replace

import pytest

from shared.core.mail import MailKind, NewMail
from shared.core.models import ScanStatus
from shared.mail.scan_mails import mails_at_scan_end
from tests.support.entra_double import settings

OWNER, REVIEWERS = "owner@contoso.example", "reviewers@caleta.example"
WITH_REVIEWERS = replace(settings(), reviewers_email=REVIEWERS)


@pytest.mark.parametrize("status", [ScanStatus.COLLECTED, ScanStatus.PARTIAL])
def test_a_report_is_announced_to_the_customer_and_to_the_reviewers(status: ScanStatus) -> None:
    mails = mails_at_scan_end(WITH_REVIEWERS, OWNER, status, needs_sign_in=False)
    assert mails == [NewMail(MailKind.REPORT_READY, OWNER), NewMail(MailKind.NEW_SCAN, REVIEWERS)]


def test_without_an_address_of_the_reviewers_only_the_customer_is_notified() -> None:
    (mail,) = mails_at_scan_end(settings(), OWNER, ScanStatus.COLLECTED, needs_sign_in=False)
    assert mail.recipient == OWNER


@pytest.mark.parametrize("status", [ScanStatus.BLOCKED, ScanStatus.FAILED])
def test_only_the_customer_is_notified_of_a_scan_that_read_nothing(status: ScanStatus) -> None:
    mails = mails_at_scan_end(WITH_REVIEWERS, OWNER, status, needs_sign_in=False)
    assert mails == [NewMail(MailKind.NOTHING_READ, OWNER)]


def test_the_mail_names_a_lost_consent() -> None:
    mails = mails_at_scan_end(WITH_REVIEWERS, OWNER, ScanStatus.BLOCKED, needs_sign_in=True)
    assert mails == [NewMail(MailKind.SIGN_IN_NEEDED, OWNER)]


def test_who_cancelled_a_scan_gets_no_mail_about_it() -> None:
    assert mails_at_scan_end(WITH_REVIEWERS, OWNER, ScanStatus.CANCELLED, needs_sign_in=False) == []


@pytest.mark.parametrize(
    "username", ["", "33333333-3333-4333-8333-333333333333", "a_b.example#EXT#@contoso.example", "a@b", "a b@c.example"]
)
def test_a_user_name_that_is_no_address_gets_no_mail_and_the_reviewers_do(username: str) -> None:
    mails = mails_at_scan_end(WITH_REVIEWERS, username, ScanStatus.COLLECTED, needs_sign_in=False)
    assert [mail.kind for mail in mails] == [MailKind.NEW_SCAN]


def test_without_our_mailbox_no_reviewer_gets_any() -> None:
    given = replace(WITH_REVIEWERS, mail_sender="")
    assert mails_at_scan_end(given, OWNER, ScanStatus.COLLECTED, needs_sign_in=False) == []
