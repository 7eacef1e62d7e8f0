import re
from decimal import Decimal

import pytest

from shared.core.audit import Action
from shared.core.finding_overlap import added
from shared.core.findings import Decision, Finding, FindingState, FindingStatus
from shared.core.models import Scan
from shared.sql.findings.decisions import FindingStates
from shared.sql.findings.findings import Findings
from shared.sql.ledgers.audit import AuditLog
from simulator.estate.estate import Estate
from tests.support.collecting import TENANT, USER
from tests.support.desk import Desk, text_of
from tests.unit.web.reviewed import SAMPLE_SEED, as_customer, drafted, of_scan, publish
from web.customer.findings import finding_decision, finding_plan
from web.customer.savings import by_subscription, scan_savings
from web.rendering.findings import review


@pytest.fixture
def scan(desk: Desk) -> Scan:
    made = drafted(desk)
    publish(desk, made)
    as_customer(desk)
    return made


@pytest.fixture
def several(desk: Desk, scan: Scan) -> Finding:
    """A finding of several resources."""
    resources = Findings(desk.parts.database).resources(scan.key)
    found = of_scan(desk, scan, FindingStatus.PUBLISHED)
    return next(one for one in found if len(resources[one.finding_id]) > 1 and one.measure != "commit")


def decide(desk: Desk, finding: Finding, **form: str) -> str:
    """Send the form as the page has it now; returns where it leads."""
    stored = state(desk, finding)
    given = {"version": str(stored.version if stored else 0), "seen": str(finding.version), **form}
    response = desk.post(finding_decision, given, scan_id=finding.scan_id, finding_id=finding.finding_id)
    assert response.status == 303, text_of(response)
    return response.headers["Location"]


def state(desk: Desk, finding: Finding) -> FindingState | None:
    return FindingStates(desk.parts.database, TENANT, USER).all().get(finding.key)


def listed(desk: Desk, scan: Scan, **query: str) -> set[str]:
    page = text_of(desk.get(scan_savings, query, scan_id=scan.scan_id))
    return set(re.findall(r'<article class="card finding row" id="([^"]+)"', page))


def test_findings_are_sorted_by_money(desk: Desk, scan: Scan) -> None:
    page = text_of(desk.get(scan_savings, scan_id=scan.scan_id))
    rows = page.split("<article")[1:]
    amounts = [
        Decimal(found[1]) for row in rows if "estimate" not in row if (found := re.search(r'data value="([^"]+)"', row))
    ]
    assert len(amounts) > 1
    assert amounts == sorted(amounts, reverse=True)


def test_some_resources_are_decided_about_and_the_others_stay_open(desk: Desk, several: Finding) -> None:
    first, *others = Findings(desk.parts.database).resources(several.scan_key)[several.finding_id]
    chosen = {"scope": "selected", f"chosen-{first.position}": "on"}
    decide(desk, several, decision="done", **chosen)
    found = state(desk, several)
    assert found is not None
    assert found.about(first.resource_id) is Decision.DONE
    assert {found.about(each.resource_id) for each in others} == {Decision.OPEN}
    decide(desk, several, decision="open", **chosen)
    found = state(desk, several)
    assert found is not None
    assert (found.decision, found.by_resource) == (Decision.OPEN, None)


def test_a_decision_can_be_undone_once(desk: Desk, scan: Scan, several: Finding) -> None:
    decide(desk, several, decision="accepted")
    location = decide(desk, several, decision="dismissed", reason="We keep them.")
    query = dict(re.findall(r"(open|undo)=([^&#]+)", location))
    assert ">Undo</button>" in text_of(desk.get(scan_savings, query, scan_id=scan.scan_id))
    assert "undo" not in decide(desk, several, decision="undo")
    found = state(desk, several)
    assert found is not None
    assert (found.decision, found.reason, found.previous_json) == (Decision.ACCEPTED, None, None)
    assert AuditLog(desk.parts.database).of_customer(TENANT)[0].action is Action.FINDING_REOPENED
    assert ">Undo</button>" not in text_of(desk.get(scan_savings, query, scan_id=scan.scan_id))
    form = {"version": str(found.version), "seen": str(several.version), "decision": "undo"}
    assert desk.post(finding_decision, form, scan_id=scan.scan_id, finding_id=several.finding_id).status == 409


def test_a_plan_has_owner_due_date_and_note_and_outlives_a_decision(desk: Desk, scan: Scan, several: Finding) -> None:
    form = {"owner": "Ana <ana@contoso.example>", "due": "2026-12-24", "note": "With the move.", "version": "0"}
    route = {"scan_id": scan.scan_id, "finding_id": several.finding_id}
    assert desk.post(finding_plan, form, **route).status == 303
    entry = AuditLog(desk.parts.database).of_customer(TENANT)[0]
    assert (entry.action, entry.reason) == (Action.FINDING_PLANNED, "With the move.")
    decide(desk, several, decision="accepted")
    page = text_of(desk.get(scan_savings, {"open": several.finding_id}, scan_id=scan.scan_id))
    assert 'value="Ana &lt;ana@contoso.example&gt;"' in page
    assert 'value="2026-12-24"' in page
    assert "due 24 Dec 2026" in page


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"due": "tomorrow"}, 400),
        ({"version": "x"}, 400),
        ({"owner": "x" * 321}, 422),
        ({"note": "x" * 1_001}, 422),
        ({"version": "7"}, 409),
    ],
)
def test_a_plan_that_does_not_fit_is_refused(
    desk: Desk, scan: Scan, several: Finding, form: dict[str, str], status: int
) -> None:
    given = {"owner": "", "due": "", "note": "", "version": "0", **form}
    assert desk.post(finding_plan, given, scan_id=scan.scan_id, finding_id=several.finding_id).status == status
    assert state(desk, several) is None


def test_filters_show_what_they_name(desk: Desk, scan: Scan, several: Finding) -> None:
    every = {one.finding_id for one in of_scan(desk, scan, FindingStatus.PUBLISHED)}
    assert listed(desk, scan) == every
    own = {one.finding_id for one in of_scan(desk, scan) if one.measure == several.measure}
    assert listed(desk, scan, measure=several.measure) == own
    decide(desk, several, decision="done")
    assert listed(desk, scan, decision="done") == {several.finding_id}
    assert listed(desk, scan, decision="open") == every - {several.finding_id}
    resources = Findings(desk.parts.database).resources(scan.key)
    subscription = resources[several.finding_id][0].sub_account_id
    expected = {one for one in every if any(each.sub_account_id == subscription for each in resources.get(one, ()))}
    assert listed(desk, scan, subscription=subscription) == expected
    assert listed(desk, scan, new="yes") == set()


@pytest.mark.parametrize(
    "query", [{"measure": "sell"}, {"open": "x"}, {"undo": "\N{SNOWMAN}"}, {"page": "-1"}, {"decision": "?"}]
)
def test_a_filter_that_the_page_has_no_link_to_is_refused(desk: Desk, scan: Scan, query: dict[str, str]) -> None:
    assert desk.get(scan_savings, query, scan_id=scan.scan_id).status == 400


def test_the_savings_of_the_subscriptions_add_up_to_the_total(desk: Desk) -> None:
    scan = drafted(desk, estate=Estate(SAMPLE_SEED, "small"))
    publish(desk, scan)
    found = review(desk.parts.database, scan, is_summary=True)
    rows = by_subscription(found, {})
    assert len(rows) > 1
    assert added(row.monthly for row in rows) == found.totals.proven


def test_the_list_is_small_and_a_finding_opens_without_a_script(desk: Desk, scan: Scan, several: Finding) -> None:
    page = text_of(desk.get(scan_savings, scan_id=scan.scan_id))
    assert len(page) < 150_000
    assert 'type="checkbox"' not in page
    opened = text_of(desk.get(scan_savings, {"open": several.finding_id}, scan_id=scan.scan_id))
    resources = Findings(desk.parts.database).resources(scan.key)[several.finding_id]
    assert opened.count('type="checkbox"') == min(len(resources), 100)
