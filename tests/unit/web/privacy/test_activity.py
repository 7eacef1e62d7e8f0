import csv
import io
import json
from datetime import timedelta

import pytest

from shared.core.audit import Action, AuditEvent, Outcome, Subject, operator
from shared.sql.ledgers.audit import AuditLog
from tests.support.browsing import STRANGER, Visit
from tests.support.collecting import OTHER_TENANT, TENANT, USER
from web.customer.scans import scan_start
from web.error_pages import Handler
from web.privacy.activity import PAGE_ENTRIES, audit_csv, audit_json, audit_page

REVIEWER = operator("99999999-0000-4000-8000-000000000001", "rita@caleta.example")


def happened(visit: Visit, action: Action = Action.QUERY, user: str | None = USER, **words: object) -> None:
    fields = {"reason": "Which disks are these?", "subject": Subject("scan", "a-scan"), **words}
    event = AuditEvent(visit.parts.clock.now(), TENANT, REVIEWER, action, user_object_id=user, **fields)  # type: ignore[arg-type]
    AuditLog(visit.parts.database).append(event)


@pytest.mark.parametrize("handler", [audit_page, audit_csv, audit_json])
def test_who_is_not_signed_in_is_asked_to(visit: Visit, handler: Handler) -> None:
    assert visit.visit(handler).status == 401


def test_what_reviewers_did_is_shown_with_who_what_and_why(visit: Visit) -> None:
    visit.sign_in()
    happened(visit, details={"text": "Resources | take 1", "rows": 1200})
    page = visit.visit(audit_page).body.decode()
    for words in (
        "rita@caleta.example (reviewer at Caleta)",
        "Ran a query",
        "Which disks are these?",
        "take 1",
        "1,200",
    ):
        assert words in page
    assert 'href="/scans/a-scan"' in page


def test_the_own_acts_are_there_too(visit: Visit) -> None:
    visit.consent()
    visit.visit(scan_start, "POST")
    page = visit.visit(audit_page).body.decode()
    assert "Started a scan" in page
    assert "(you)" in page


def test_what_is_about_a_colleague_or_another_organisation_is_not(visit: Visit) -> None:
    happened(visit, user=STRANGER, reason="not for them")
    event = AuditEvent(visit.parts.clock.now(), OTHER_TENANT, REVIEWER, Action.QUERY, reason="not for them")
    AuditLog(visit.parts.database).append(event)
    happened(visit, Action.AUDIT_EXTRACTED, user=None, reason="for everybody")
    visit.sign_in()
    for handler in (audit_page, audit_csv, audit_json):
        text = visit.visit(handler).body.decode()
        assert "not for them" not in text
        assert "for everybody" in text


def test_the_filter_finds_by_action_actor_and_day(visit: Visit) -> None:
    visit.sign_in()
    happened(visit, Action.QUERY, reason="first")
    visit.parts.time.sleep(timedelta(days=1).total_seconds())
    visit.sign_in()
    happened(visit, Action.METRICS_FETCHED, reason="second")

    def reasons(**query: str) -> list[str]:
        found = json.loads(visit.visit(audit_json, query=query).body)["entries"]
        return [entry["reason"] for entry in found]

    assert reasons() == ["second", "first"]
    assert reasons(action="query") == ["first"]
    assert reasons(actor="operator", **{"from": "2026-11-24"}) == ["second"]
    assert reasons(to="2026-11-23") == ["first"]
    assert reasons(actor="system") == []
    assert "No entries match this filter" in visit.visit(audit_page, query={"actor": "system"}).body.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"action": "x"},
        {"actor": "<script>"},
        {"from": "yesterday"},
        {"to": "2026-13-01"},
        {"to": "9999-12-31"},
        {"before": "-1"},
        {"before": "1" * 40},
        {"before": "\N{SUPERSCRIPT TWO}"},
    ],
)
@pytest.mark.parametrize("handler", [audit_page, audit_csv, audit_json])
def test_a_filter_that_no_form_sends_is_refused(visit: Visit, handler: Handler, query: dict[str, str]) -> None:
    visit.sign_in()
    assert visit.visit(handler, query=query).status == 400


def test_long_logs_have_pages_that_keep_the_filter(visit: Visit) -> None:
    visit.sign_in()
    for number in range(PAGE_ENTRIES + 1):
        happened(visit, reason=f"reason {number};")
    first = visit.visit(audit_page, query={"action": "query"}).body.decode()
    assert first.count("reason ") == PAGE_ENTRIES
    assert "/audit?action=query&amp;before=2" in first
    last = visit.visit(audit_page, query={"action": "query", "before": "2"}).body.decode()
    assert "reason 0;" in last
    assert "Older" not in last
    assert 'href="/audit?action=query">Newest' in last


def test_the_table_can_be_opened_in_a_spreadsheet_without_running_anything(visit: Visit) -> None:
    visit.sign_in()
    happened(visit, reason='=HYPERLINK("http://evil")', details={"text": "=1"})
    answer = visit.visit(audit_csv)
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="caleta-activity-2026-11-23.csv"'
    header, row = csv.reader(io.StringIO(answer.body.decode(), newline=""))
    found = dict(zip(header, row, strict=True))
    assert found["reason"] == '\'=HYPERLINK("http://evil")'
    assert json.loads(found["details"]) == {"text": "=1"}


def test_the_file_for_programs_says_how_to_go_on(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    visit.sign_in()
    for number in range(3):
        happened(visit, reason=str(number), outcome=Outcome.FAILED)
    monkeypatch.setattr("web.privacy.activity.EXPORT_ENTRIES", 2)
    first = json.loads(visit.visit(audit_json).body)
    rest = json.loads(visit.visit(audit_json, query={"before": str(first["before"])}).body)
    assert [entry["reason"] for entry in (*first["entries"], *rest["entries"])] == ["2", "1", "0"]
    assert rest["before"] is None
    assert first["entries"][0]["outcome"] == "failed"


def test_what_people_wrote_is_not_run_by_the_page(visit: Visit) -> None:
    visit.sign_in()
    happened(visit, reason="<script>alert(1)</script>", details={"text": "<img src=x>"})
    page = visit.visit(audit_page).body.decode()
    assert "<script>alert" not in page
    assert "<img" not in page
