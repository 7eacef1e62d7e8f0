"""What the mail about a deletion says."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from shared.core.deletions import DeletionReason, DeletionScope, DeletionState, Receipt
from shared.core.periods import RETENTION_MONTHS
from shared.mail.content import deletion_mail
from tests.support.collecting import TENANT, USER

BASE_URL = "https://review.example.com"
DONE_AT = datetime(2026, 11, 23, 23, 59, tzinfo=UTC)
DELETION = Receipt(
    receipt_id="6a1d0a3e-0000-4000-8000-000000000001",
    tenant_pseudonym=TENANT,
    user_pseudonym=USER,
    scope=DeletionScope.CUSTOMER,
    scan_count=0,
    reason=DeletionReason.OPERATOR,
    requested_at=DONE_AT,
    state=DeletionState.DONE,
    counts={"costs": 20_000},
    worked_at=DONE_AT,
)


def words(deletion: Receipt) -> str:
    return " ".join(deletion_mail(deletion, BASE_URL).paragraphs)


def test_it_says_what_when_and_when_backups_age_out_and_leads_to_the_receipt() -> None:
    made = deletion_mail(DELETION, BASE_URL)
    assert "On 23 Nov 2026 we deleted all data that we stored about your organisation" in words(DELETION)
    assert "expire on 30 Nov 2026" in words(DELETION)
    assert made.link == f"{BASE_URL}/data/receipts/{DELETION.receipt_id}"
    assert made.html.count("http") == 2


@pytest.mark.parametrize("scope", DeletionScope)
@pytest.mark.parametrize("reason", DeletionReason)
def test_every_scope_and_reason_has_its_text_and_names_no_person(scope: DeletionScope, reason: DeletionReason) -> None:
    made = deletion_mail(replace(DELETION, scope=scope, reason=reason), BASE_URL)
    assert not {TENANT, USER} & set(made.html.split())
    assert made.paragraphs[0].endswith(".")


def test_who_did_not_ask_is_not_told_that_they_did() -> None:
    assert "asked" not in words(replace(DELETION, reason=DeletionReason.RETENTION))
    assert f"{RETENTION_MONTHS} months have passed" in words(replace(DELETION, reason=DeletionReason.RETENTION))
