"""Deleting a customer's data on request."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from shared.core.audit import Action, ActorKind
from shared.core.deletions import DeletionReason, DeletionScope, Receipt
from shared.core.mail import MailKind, MailState
from shared.core.models import ScanStatus
from shared.messaging.queues import SEND_MAIL
from shared.sql.deletion.holdings import Holdings
from shared.sql.ledgers.audit import AuditEntry, AuditLog
from shared.sql.scans.connections import Connections
from shared.sql.schema.outbox_tables import outbox
from tests.support.collecting import OTHER_TENANT, TENANT, USER
from tests.support.desk import ADMINS_ROLE, COLLEAGUE, Desk, text_of
from web.desk.customer_deletion import desk_customer_delete, desk_customer_deletion, desk_customer_receipt
from web.desk.findings.listing import desk_finding_create
from web.http.messages import Request, Response

SECOND_USER = "55555555-5555-4555-8555-555555555555"
FORM = {
    "user": "all",
    "scope": "everything",
    "requested_by": "Ola Owner",
    "requested_on": "2026-11-20",
    "mail": "Please delete our data",
    "confirm": TENANT,
}
WHY = "Requested by Ola Owner on 20 Nov 2026 by email: Please delete our data"


@pytest.fixture
def admin(desk: Desk) -> Desk:
    """Two users, a scan of the first with a finding; mail can be sent."""
    desk.parts.settings = replace(desk.parts.settings, mail_sender="reviews@caleta.example")
    scan = desk.consented_scan()
    desk.sign_in()
    assert desk.post(desk_finding_create, scan_id=scan.scan_id).status == 303
    now = desk.parts.clock.now()
    Connections(desk.parts.database).save(TENANT, SECOND_USER, "colleague@contoso.example", b"token", now)
    desk.parts.time.sleep(60)
    desk.sign_in(COLLEAGUE, ADMINS_ROLE)
    return desk


def ask(desk: Desk, **changed: str) -> Response:
    return desk.post(desk_customer_delete, {**FORM, **changed}, tenant_id=TENANT)


def ledger(desk: Desk) -> list[Receipt]:
    return desk.parts.receipts.of_customer(TENANT)


def entries(desk: Desk, action: Action) -> list[AuditEntry]:
    return [entry for entry in AuditLog(desk.parts.database).of_customer(TENANT) if entry.action is action]


def held(desk: Desk) -> dict[str, int]:
    return dict(Holdings(desk.parts.database).counts(TENANT))


def addresses(desk: Desk) -> dict[str, str]:
    with desk.parts.database.system_transaction() as connection:
        rows = connection.execute(select(outbox.c.recipient, outbox.c.state, outbox.c.kind))
        return {row.recipient: row.state for row in rows if row.kind == MailKind.DELETION_DONE}


def test_the_form_shows_the_stored_data_of_all_users_and_of_each(admin: Desk) -> None:
    page = text_of(admin.get(desk_customer_deletion, tenant_id=TENANT))
    for words in (
        "All users",
        "owner@contoso.example",
        "colleague@contoso.example",
        "Database backups",
    ):
        assert words in page
    assert ledger(admin) == []


def test_all_data_is_deleted_and_the_request_is_in_the_activity_log(admin: Desk) -> None:
    answer = ask(admin)
    (deletion,) = ledger(admin)
    assert answer.headers["Location"] == f"/desk/customers/{TENANT}/receipts/{deletion.receipt_id}"
    assert (deletion.scope, deletion.reason) == (DeletionScope.CUSTOMER, DeletionReason.OPERATOR)
    assert deletion.is_done
    assert held(admin) == {}
    (asked,) = entries(admin, Action.DELETION_REQUESTED)
    assert (asked.reason, asked.actor.kind, asked.actor.name) == (WHY, ActorKind.OPERATOR, COLLEAGUE.username)
    assert entries(admin, Action.DELETION_FINISHED)


def test_the_receipt_has_the_text_of_the_reply_and_the_date_backups_are_deleted(admin: Desk) -> None:
    ask(admin)
    (deletion,) = ledger(admin)
    page = text_of(admin.get(desk_customer_receipt, tenant_id=TENANT, receipt_id=deletion.receipt_id))
    assert f"{admin.parts.settings.base_url}/data/receipts/{deletion.receipt_id}" in page
    assert "are deleted by 30 Nov 2026" in page


def test_deleting_only_findings_keeps_scans_and_consents(admin: Desk) -> None:
    before = held(admin)
    assert ask(admin, scope="findings").status == 303
    left = held(admin)
    assert left == {table: count for table, count in before.items() if not table.startswith("finding")}
    assert left != before
    assert ledger(admin)[0].scope is DeletionScope.FINDINGS


def test_deleting_one_user_keeps_the_others(admin: Desk) -> None:
    assert ask(admin, user=USER).status == 303
    assert held(admin) == {"connections": 1}
    assert Connections(admin.parts.database).users(TENANT) == [SECOND_USER]


def test_each_user_with_a_consent_is_notified_when_the_deletion_is_finished(admin: Desk) -> None:
    ask(admin)
    assert addresses(admin) == {
        "owner@contoso.example": MailState.PENDING,
        "colleague@contoso.example": MailState.PENDING,
    }
    assert len(admin.parts.outbox.of(SEND_MAIL.name)) == 2


def test_no_user_is_notified_before_the_deletion_is_finished(admin: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.deletion.service.PAGE_SECONDS", 0)
    ask(admin)
    assert not ledger(admin)[0].is_done
    assert set(addresses(admin).values()) == {MailState.WAITING}
    assert admin.parts.outbox.of(SEND_MAIL.name) == []
    receipt = admin.get(desk_customer_receipt, tenant_id=TENANT, receipt_id=ledger(admin)[0].receipt_id)
    assert "Deletion in progress" in text_of(receipt)


@pytest.mark.parametrize(
    "changed",
    [
        {"confirm": ""},
        {"confirm": OTHER_TENANT},
        {"confirm": "DELETE"},
        {"requested_by": " "},
        {"mail": ""},
        {"requested_on": ""},
        {"requested_on": "soon"},
        {"requested_on": "2999-01-01"},
        {"scope": "all"},
        {"user": ""},
        {"user": "66666666-6666-4666-8666-666666666666"},
        {"mail": "x" * 400},
    ],
)
def test_an_invalid_form_deletes_nothing_and_keeps_what_was_typed(admin: Desk, changed: dict[str, str]) -> None:
    before = held(admin)
    answer = ask(admin, **changed)
    assert answer.status == 400
    page = text_of(answer)
    assert "Nothing was deleted." in page
    assert "Please delete our data" in page or "mail" in changed
    assert (held(admin), ledger(admin)) == (before, [])


def test_deleted_data_cannot_be_deleted_again(admin: Desk) -> None:
    ask(admin)
    again = ask(admin)
    assert again.status == 409
    assert "There is no such data to delete" in text_of(again)
    assert len(ledger(admin)) == 1


def test_a_running_scan_stops_and_leaves_no_data(desk: Desk) -> None:
    desk.consented_scan(status=ScanStatus.COLLECTING)
    desk.parts.time.sleep(60)
    desk.sign_in(COLLEAGUE, ADMINS_ROLE)
    assert ask(desk).status == 303
    assert held(desk) == {}
    assert (ledger(desk)[0].scan_count, ledger(desk)[0].is_done) == (1, True)


def test_only_administrators_on_our_own_page_are_allowed(admin: Desk) -> None:
    request = Request("POST", "/", {"tenant_id": TENANT}, form=FORM, cookies=admin.cookies)
    assert admin.send(desk_customer_delete, request).status == 403
    admin.sign_in()
    assert ask(admin).status == 404
    assert admin.get(desk_customer_deletion, tenant_id=TENANT).status == 404
    assert ledger(admin) == []


def test_another_customers_receipt_is_not_found_under_this_one(admin: Desk) -> None:
    ask(admin)
    (deletion,) = ledger(admin)
    Connections(admin.parts.database).save(OTHER_TENANT, USER, "a@fabrikam.example", b"x", admin.parts.clock.now())
    other = admin.get(desk_customer_receipt, tenant_id=OTHER_TENANT, receipt_id=deletion.receipt_id)
    assert other.status == 404
