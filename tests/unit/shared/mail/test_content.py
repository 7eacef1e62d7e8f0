"""What mails say."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.core.formats import moment
from shared.core.mail import MailKind
from shared.core.models import Scan, ScanStatus
from shared.mail.content import scan_mail
from tests.support.clock import START
from tests.support.collecting import PERIOD, TENANT, USER

BASE_URL = "https://review.example.com"
SCAN = Scan(
    tenant_id=TENANT,
    scan_id="6a1d0a3e-0000-4000-8000-000000000001",
    user_object_id=USER,
    status=ScanStatus.COLLECTED,
    status_reason=None,
    requested_at=START,
    finished_at=START,
    period_start=PERIOD.start,
    period_end=PERIOD.end,
)


ABOUT_SCANS = [kind for kind in MailKind if kind is not MailKind.DELETION_DONE]


@pytest.mark.parametrize("kind", ABOUT_SCANS)
def test_every_kind_has_its_words_and_leads_to_our_own_site(kind: MailKind) -> None:
    made = scan_mail(kind, SCAN, BASE_URL)
    assert made.subject
    assert made.link.startswith(f"{BASE_URL}/")
    assert made.html.count("http") == 2, "the one address, as link and as text"


@pytest.mark.parametrize("kind", ABOUT_SCANS)
def test_what_a_reason_holds_cannot_break_out_of_the_page(kind: MailKind) -> None:
    assert "<script>" not in scan_mail(kind, replace(SCAN, status_reason="<script>"), BASE_URL).html


def test_a_report_says_its_months_and_what_is_missing() -> None:
    partial = replace(SCAN, status=ScanStatus.PARTIAL, status_reason="1 of 3 datasets is missing.")
    words = " ".join(scan_mail(MailKind.REPORT_READY, partial, BASE_URL).paragraphs)
    assert "from Nov 2025 to Oct 2026" in words
    assert "1 of 3 datasets is missing." in words


def test_a_lost_consent_says_why_and_that_nothing_has_to_be_done() -> None:
    blocked = replace(SCAN, status=ScanStatus.BLOCKED, status_reason="Your account is disabled.")
    words = " ".join(scan_mail(MailKind.SIGN_IN_NEEDED, blocked, BASE_URL).paragraphs)
    assert "Your account is disabled." in words
    assert "you do not need to do anything" in words


def test_a_reminder_says_when_the_review_is_due() -> None:
    made = scan_mail(MailKind.REVIEW_DUE, SCAN, BASE_URL)
    closes = START + timedelta(hours=24)
    assert made.subject == f"A review is due by {moment(closes)}"
    assert made.link == f"{BASE_URL}/desk/scans/{SCAN.scan_id}"


def test_a_consent_that_was_lost_after_the_scan_is_not_explained_by_what_the_scan_lacked() -> None:
    partial = replace(SCAN, status=ScanStatus.PARTIAL, status_reason="1 of 3 datasets is missing.")
    assert "missing" not in scan_mail(MailKind.SIGN_IN_NEEDED, partial, BASE_URL).html
