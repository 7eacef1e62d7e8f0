import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from findings.draft import draft
from shared.core.audit import Action
from shared.core.findings import Finding, FindingStatus
from shared.core.mail import MailKind
from shared.core.messages import ScanMessage
from shared.core.models import Scan
from shared.sql.findings.findings import Findings
from shared.sql.ledgers.audit import AuditLog
from shared.sql.ledgers.outbox import Outbox
from shared.sql.reviews.reviews import Reviews
from tests.support.collecting import TENANT
from tests.support.desk import COLLEAGUE, Desk, text_of
from tests.unit.web.reviewed import as_customer, drafted, of_scan, publish
from web.desk.findings.editor import desk_finding, desk_finding_save
from web.desk.findings.limits import TEXT_BYTES
from web.desk.findings.listing import desk_finding_create, desk_finding_history, desk_finding_status, desk_findings
from web.desk.findings.publish import desk_publish, desk_publish_preview
from web.error_pages import Handler
from web.http.messages import Request, Response

SCRIPT = "<script>alert(1)</script>"
GETS = (desk_findings, desk_finding, desk_finding_history, desk_publish_preview)
POSTS = (desk_finding_create, desk_finding_save, desk_finding_status, desk_publish)


@pytest.fixture
def scan(desk: Desk) -> Scan:
    made = drafted(desk)
    desk.sign_in()
    return made


def first(desk: Desk, scan: Scan) -> Finding:
    return of_scan(desk, scan, FindingStatus.DRAFT)[0]


def form(finding: Finding, **changes: str) -> dict[str, str]:
    return {
        "version": str(finding.version),
        "title": finding.title,
        "text": finding.text,
        "confidence": "high",
        "effort": "low",
        "owner": "reviewer@caleta.example",
        **changes,
    }


def save(desk: Desk, scan: Scan, finding: Finding, given: Mapping[str, str]) -> Response:
    return desk.post(desk_finding_save, given, scan_id=scan.scan_id, finding_id=finding.finding_id)


def stored(desk: Desk, scan: Scan, finding: Finding) -> Finding:
    found = Findings(desk.parts.database).get(scan.key, finding.finding_id)
    assert found is not None
    return found


def test_the_list_shows_drafts_and_their_total(desk: Desk, scan: Scan) -> None:
    page = text_of(desk.get(desk_findings, scan_id=scan.scan_id))
    assert all(one.title in page for one in of_scan(desk, scan))
    assert "Savings, each resource counted once" in page


@pytest.mark.parametrize("handler", GETS)
def test_a_customer_gets_the_answer_of_an_unknown_address(desk: Desk, scan: Scan, handler: Handler) -> None:
    finding = first(desk, scan)
    as_customer(desk)
    assert desk.get(handler, scan_id=scan.scan_id, finding_id=finding.finding_id).status == 404


@pytest.mark.parametrize("handler", POSTS)
def test_a_customer_can_change_nothing(desk: Desk, scan: Scan, handler: Handler) -> None:
    finding = first(desk, scan)
    as_customer(desk)
    given = form(finding, title="Mine", status="discarded", seen=f"{finding.finding_id}:1")
    assert desk.post(handler, given, scan_id=scan.scan_id, finding_id=finding.finding_id).status == 404
    assert stored(desk, scan, finding) == finding


@pytest.mark.parametrize("handler", [desk_finding, desk_finding_history])
def test_a_finding_of_another_scan_is_not_found(desk: Desk, scan: Scan, handler: Handler) -> None:
    finding, other = first(desk, scan), drafted(desk)
    assert desk.get(handler, scan_id=other.scan_id, finding_id=finding.finding_id).status == 404
    assert desk.get(handler, scan_id=scan.scan_id, finding_id="nothing").status == 404


def test_saving_creates_a_version_and_is_logged(desk: Desk, scan: Scan) -> None:
    finding = first(desk, scan)
    given = form(finding, title="Better", text="**New**", monthly="12.50", currency="GBP")
    assert save(desk, scan, finding, given).status == 303
    now = stored(desk, scan, finding)
    assert (now.title, now.text, now.version, now.is_edited) == ("Better", "**New**", 2, True)
    assert AuditLog(desk.parts.database).of_customer(TENANT)[0].action is Action.FINDING_EDITED
    page = text_of(desk.get(desk_finding_history, scan_id=scan.scan_id, finding_id=finding.finding_id))
    assert "Version 2: Better" in page
    assert "Version 1:" in page
    assert "12.50" in page


def test_the_script_saves_and_gets_the_preview(desk: Desk, scan: Scan) -> None:
    finding = first(desk, scan)
    headers = {"sec-fetch-site": "same-origin", "origin": desk.parts.settings.base_url, "accept": "application/json"}
    route = {"scan_id": scan.scan_id, "finding_id": finding.finding_id}

    def send(given: Mapping[str, str]) -> Response:
        request = Request("POST", "/", route, {}, given, desk.cookies, headers)
        return desk.send(desk_finding_save, request)

    answer = send(form(finding, text=f"**bold** {SCRIPT}"))
    body = json.loads(answer.body)
    assert (answer.status, body["version"]) == (200, 2)
    assert "<strong>bold</strong>" in body["html"]
    assert "<script" not in body["html"]
    again = send(form(finding, text="late"))
    assert (again.status, "saved version 2 in the meantime" in json.loads(again.body)["problems"][0]) == (409, True)


def test_the_second_of_two_concurrent_reviewers_sees_both_texts(desk: Desk, scan: Scan) -> None:
    finding = first(desk, scan)
    assert save(desk, scan, finding, form(finding, text="The first text")).status == 303
    desk.sign_in(COLLEAGUE)
    answer = save(desk, scan, finding, form(finding, text="The second text"))
    page = text_of(answer)
    assert answer.status == 409
    assert "The first text" in page
    assert "The second text" in page
    assert 'name="version" value="2"' in page, "the next save is of the newer version"
    assert stored(desk, scan, finding).text == "The first text"


def test_a_text_of_ten_megabytes_is_refused_and_stays_in_the_form(desk: Desk, scan: Scan) -> None:
    finding, text = first(desk, scan), "a line of text\n" * 700_000
    answer = save(desk, scan, finding, form(finding, text=text))
    page = text_of(answer)
    assert answer.status == 422
    assert f"the limit is {TEXT_BYTES:,}" in page
    assert text in page
    assert stored(desk, scan, finding) == finding


def test_a_script_in_any_field_is_escaped(desk: Desk, scan: Scan) -> None:
    finding = first(desk, scan)
    given = form(finding, title=SCRIPT, text=SCRIPT, owner=SCRIPT)
    assert save(desk, scan, finding, given).status == 303
    route = {"scan_id": scan.scan_id, "finding_id": finding.finding_id}
    for handler in GETS:
        page = text_of(desk.get(handler, None, **route))
        assert SCRIPT not in page
    bad = form(finding, version="2", monthly=SCRIPT, currency=SCRIPT, confidence=SCRIPT, effort=SCRIPT)
    answer = save(desk, scan, finding, bad)
    assert answer.status == 422
    assert SCRIPT not in text_of(answer)


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": " "},
        {"title": "x" * 301},
        {"monthly": "1e9", "currency": "GBP"},
        {"monthly": "-1", "currency": "GBP"},
        {"monthly": "10"},
        {"monthly": "NaN", "currency": "GBP"},
        {"monthly": "1e400", "currency": "GBP"},
        {"monthly": "Infinity", "currency": "GBP"},
        {"monthly": "\uff11\uff12", "currency": "GBP"},
        {"monthly": "9" * 13, "currency": "GBP"},
        {"monthly": "10", "currency": "CHF"},
        {"monthly": "10", "currency": "GBP", "yearly": "-120"},
        {"yearly": "120", "currency": "GBP"},
        {"measure": "burn"},
        {"title": "\N{PILE OF POO}" * 151},
        {"monthly": "10", "currency": "pounds"},
        {"confidence": "sure"},
        {"version": "one"},
        {"owner": "x" * 321},
    ],
)
def test_an_invalid_form_is_explained_and_keeps_the_text(desk: Desk, scan: Scan, wrong: dict[str, str]) -> None:
    finding = first(desk, scan)
    answer = save(desk, scan, finding, form(finding, text="My careful words", **wrong))
    assert answer.status == 422
    assert "My careful words" in text_of(answer)
    assert stored(desk, scan, finding) == finding


def test_drafting_again_keeps_a_reviewers_changes(desk: Desk, scan: Scan) -> None:
    finding = first(desk, scan)
    save(desk, scan, finding, form(finding, title="Mine"))
    draft(desk.parts, ScanMessage(tenant_id=TENANT, scan_id=scan.scan_id).encode())
    assert stored(desk, scan, finding).title == "Mine"


def test_a_reviewer_can_write_a_finding(desk: Desk, scan: Scan) -> None:
    answer = desk.post(desk_finding_create, scan_id=scan.scan_id)
    finding_id = answer.headers["Location"].rpartition("/")[2]
    assert AuditLog(desk.parts.database).of_customer(TENANT)[0].action is Action.FINDING_CREATED
    page = desk.get(desk_finding, scan_id=scan.scan_id, finding_id=finding_id)
    assert page.status == 200
    assert "Search this scan's inventory" in text_of(page)


def test_publishing_ends_the_review_notifies_the_customer_and_is_logged(desk: Desk, scan: Scan) -> None:
    desk.parts.settings = replace(desk.parts.settings, mail_sender="review@caleta.example")
    publish(desk, scan)
    assert {one.status for one in of_scan(desk, scan)} == {FindingStatus.PUBLISHED}
    assert Reviews(desk.parts.database).get(scan.key).published_at == desk.parts.time.now()
    assert MailKind.REVIEW_PUBLISHED in {mail.kind for mail in Outbox(desk.parts.database).of_scan(scan.key)}
    assert AuditLog(desk.parts.database).of_customer(TENANT)[0].action is Action.FINDINGS_PUBLISHED


def test_findings_changed_since_the_preview_are_not_published(desk: Desk, scan: Scan) -> None:
    drafts = of_scan(desk, scan, FindingStatus.DRAFT)
    seen = " ".join(f"{one.finding_id}:{one.version}" for one in drafts)
    save(desk, scan, drafts[0], form(drafts[0], title="Changed"))
    assert desk.post(desk_publish, {"seen": seen}, scan_id=scan.scan_id).status == 400
    assert {one.status for one in of_scan(desk, scan)} == {FindingStatus.DRAFT}


def test_a_published_finding_is_not_edited_in_place(desk: Desk, scan: Scan) -> None:
    finding = first(desk, scan)
    publish(desk, scan)
    answer = save(desk, scan, finding, form(finding, version="2", text="Sneaky"))
    assert answer.status == 409
    assert "Sneaky" in text_of(answer)
    assert stored(desk, scan, finding).text == finding.text


def test_an_edit_that_cannot_be_logged_is_not_made(desk: Desk, scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise RuntimeError("the log is full")

    finding = first(desk, scan)
    monkeypatch.setattr("shared.sql.findings.versions.record", refuse)
    assert save(desk, scan, finding, form(finding, title="Unrecorded")).status == 500
    assert stored(desk, scan, finding) == finding


def test_discarding_a_draft_is_logged(desk: Desk, scan: Scan) -> None:
    finding = first(desk, scan)
    route = {"scan_id": scan.scan_id, "finding_id": finding.finding_id}
    assert desk.post(desk_finding_status, {"status": "discarded", "version": "1"}, **route).status == 303
    entry = AuditLog(desk.parts.database).of_customer(TENANT)[0]
    assert (entry.action, entry.subject_id) == (Action.FINDING_DELETED, finding.finding_id)
    assert desk.post(desk_finding_status, {"status": "draft", "version": "1"}, **route).status == 400
    assert stored(desk, scan, finding).status is FindingStatus.DISCARDED
