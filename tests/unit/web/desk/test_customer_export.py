"""Exports of a customer's data on request."""

import csv
import io
import json
import zipfile

import pytest

from shared.core.audit import Action, ActorKind, AuditEvent, customer
from shared.deletion.service import DeletionSubject, delete_customer
from shared.sql.ledgers.audit import AuditEntry, AuditLog
from tests.support.collecting import OTHER_TENANT, TENANT, USER
from tests.support.desk import ADMINS_ROLE, COLLEAGUE, Desk, text_of
from web.desk.customer_export import desk_customer_audit, desk_customer_data
from web.http.messages import Request

FORM = {"reason": "Their mail of today.", "format": "csv"}


@pytest.fixture
def admin(desk: Desk) -> Desk:
    desk.consented_scan()
    desk.parts.time.sleep(60)
    desk.sign_in(COLLEAGUE, ADMINS_ROLE)
    return desk


def newest(desk: Desk, tenant_id: str = TENANT) -> AuditEntry:
    return AuditLog(desk.parts.database).of_customer(tenant_id)[0]


def size(desk: Desk) -> int:
    return AuditLog(desk.parts.database).count_of_customer(TENANT)


def test_an_export_holds_the_whole_log_and_is_itself_logged(admin: Desk) -> None:
    before = size(admin)
    answer = admin.post(desk_customer_audit, FORM, tenant_id=TENANT)
    rows = list(csv.DictReader(io.StringIO(text_of(answer))))
    assert len(rows) == before + 1
    assert rows[0]["action"] == Action.AUDIT_EXTRACTED
    entry = newest(admin)
    assert (entry.action, entry.reason) == (Action.AUDIT_EXTRACTED, "Their mail of today.")
    assert (entry.actor.kind, entry.actor.name, entry.user_object_id) == (ActorKind.OPERATOR, COLLEAGUE.username, None)
    assert entry.details == {"format": "csv"}


def test_the_json_export_is_complete_and_has_the_details(admin: Desk) -> None:
    document = json.loads(admin.post(desk_customer_audit, {**FORM, "format": "json"}, tenant_id=TENANT).body)
    assert document["before"] is None
    assert document["entries"][0]["details"] == {"format": "json"}


def test_an_export_for_a_period_has_no_entries_outside_it(admin: Desk) -> None:
    day = admin.parts.clock.now().date().isoformat()
    admin.parts.time.sleep(2 * 86_400)
    admin.sign_in(COLLEAGUE, ADMINS_ROLE)
    text = text_of(admin.post(desk_customer_audit, {**FORM, "from": day, "to": day}, tenant_id=TENANT))
    assert Action.CONSENT_GIVEN in text
    assert Action.AUDIT_EXTRACTED not in text
    assert newest(admin).details == {"format": "csv", "from": day, "to": day}


@pytest.mark.parametrize(
    "form",
    [
        {"format": "csv"},
        {**FORM, "reason": "   "},
        {**FORM, "reason": "x" * 401},
        {**FORM, "format": "xml"},
        {"reason": "why"},
        {**FORM, "from": "yesterday"},
    ],
)
def test_without_a_reason_or_with_an_invalid_form_nothing_is_exported(admin: Desk, form: dict[str, str]) -> None:
    before = size(admin)
    answer = admin.post(desk_customer_audit, form, tenant_id=TENANT)
    assert answer.status == 400
    assert "Content-Disposition" not in answer.headers
    assert size(admin) == before


def test_a_log_that_is_too_long_for_a_file_is_refused_rather_than_cut(
    admin: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.desk.customer_export.EXPORT_ENTRIES", size(admin) - 1)
    answer = admin.post(desk_customer_audit, FORM, tenant_id=TENANT)
    assert answer.status == 409
    assert "choose a shorter period" in text_of(answer)
    assert newest(admin).action is not Action.AUDIT_EXTRACTED


def test_an_export_has_no_entries_of_other_customers(admin: Desk) -> None:
    stranger = customer(USER, "stranger@fabrikam.example")
    event = AuditEvent(admin.parts.clock.now(), OTHER_TENANT, stranger, Action.SIGNED_OUT, reason="only theirs")
    AuditLog(admin.parts.database).append(event)
    assert "only theirs" not in text_of(admin.post(desk_customer_audit, FORM, tenant_id=TENANT))
    assert "only theirs" in text_of(admin.post(desk_customer_audit, FORM, tenant_id=OTHER_TENANT))


def test_a_deleted_customer_has_a_log_but_no_data(admin: Desk) -> None:
    delete_customer(admin.parts, DeletionSubject(TENANT), customer(USER), "a test")
    assert Action.DELETION_FINISHED in text_of(admin.post(desk_customer_audit, FORM, tenant_id=TENANT))
    with zipfile.ZipFile(io.BytesIO(admin.post(desk_customer_data, FORM, tenant_id=TENANT).body)) as file:
        assert file.namelist() == ["README.txt", "activity.csv"]


def test_all_data_of_all_users_is_exported_as_one_file_and_logged(admin: Desk) -> None:
    answer = admin.post(desk_customer_data, FORM, tenant_id=TENANT)
    with zipfile.ZipFile(io.BytesIO(answer.body)) as file:
        names = file.namelist()
        assert {"consent.csv", "scans.csv", "activity.csv"} <= set(names)
        assert any("/responses/" in name for name in names)
        assert b"token" not in file.read("consent.csv").splitlines()[1]
    entry = newest(admin)
    assert (entry.action, entry.details) == (Action.DATA_EXTRACTED, {"part": 1, "parts": 1})


@pytest.mark.parametrize("handler", [desk_customer_audit, desk_customer_data])
def test_only_administrators_on_our_own_page_are_allowed(admin: Desk, handler: object) -> None:
    before = size(admin)
    foreign = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
    for headers in (foreign, {}):
        request = Request("POST", "/", {"tenant_id": TENANT}, form=FORM, cookies=admin.cookies, headers=headers)
        assert admin.send(handler, request).status == 403  # type: ignore[arg-type]
    admin.sign_in()
    assert admin.post(handler, FORM, tenant_id=TENANT).status == 404  # type: ignore[arg-type]
    assert size(admin) == before


def test_an_unknown_part_is_refused_and_not_logged(admin: Desk) -> None:
    before = size(admin)
    assert admin.post(desk_customer_data, {**FORM, "part": "2"}, tenant_id=TENANT).status == 400
    assert size(admin) == before
