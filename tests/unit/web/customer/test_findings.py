from datetime import timedelta
from decimal import Decimal

import pytest

from findings.draft import draft
from shared.core.audit import Action
from shared.core.finding_overlap import totals
from shared.core.findings import (
    AffectedResource,
    Decision,
    Finding,
    FindingStatus,
    Measure,
    Saving,
    SavingBasis,
)
from shared.core.messages import ScanMessage
from shared.core.models import Scan
from shared.core.savings_ledger import Fate
from shared.sql.findings.decisions import FindingStates
from shared.sql.findings.findings import Findings
from shared.sql.findings.parts import insert_resources
from shared.sql.ledgers.audit import AuditLog
from tests.support.clock import START
from tests.support.collecting import TENANT, USER
from tests.support.desk import Desk, text_of
from tests.unit.web.reviewed import as_customer, card_of, drafted, of_scan, publish
from tests.unit.web.written import Writing, dear
from web.customer.findings import finding_decision
from web.customer.savings import scan_savings
from web.desk.findings.listing import desk_finding_status
from web.rendering.findings import finding_set, review

OTHER_USER = "99999999-9999-4999-8999-999999999999"
LATER = START + timedelta(days=30)


@pytest.fixture
def scan(desk: Desk) -> Scan:
    return drafted(desk)


def published(desk: Desk, scan: Scan) -> Finding:
    """One finding, and the customer in front of it."""
    publish(desk, scan)
    as_customer(desk)
    return of_scan(desk, scan, FindingStatus.PUBLISHED)[0]


def opened_card(desk: Desk, scan: Scan, finding: Finding) -> str:
    """What the customer's page says of one finding when it is opened."""
    return card_of(text_of(desk.get(scan_savings, {"open": finding.finding_id}, scan_id=scan.scan_id)), finding)


def decide(desk: Desk, scan: Scan, finding: Finding, **form: str) -> int:
    (now,) = [one for one in of_scan(desk, scan) if one.finding_id == finding.finding_id]
    given = {"version": "0", "seen": str(now.version), **form}
    return desk.post(finding_decision, given, scan_id=scan.scan_id, finding_id=finding.finding_id).status


def state(desk: Desk, finding: Finding) -> Decision | None:
    found = FindingStates(desk.parts.database, TENANT, USER).all().get(finding.key)
    return found.decision if found else None


def test_a_draft_cannot_be_decided_about_and_looks_like_none(desk: Desk, scan: Scan) -> None:
    as_customer(desk)
    (one, *_) = of_scan(desk, scan, FindingStatus.DRAFT)
    assert decide(desk, scan, one, decision="accepted") == 404
    assert state(desk, one) is None


def test_what_is_discarded_or_withdrawn_is_not_shown(desk: Desk, scan: Scan) -> None:
    (one, other, *_) = of_scan(desk, scan, FindingStatus.DRAFT)
    desk.sign_in()
    route = {"scan_id": scan.scan_id, "finding_id": one.finding_id}
    assert desk.post(desk_finding_status, {"status": "discarded", "version": "1"}, **route).status == 303
    publish(desk, scan)
    route["finding_id"] = other.finding_id
    assert desk.post(desk_finding_status, {"status": "draft", "version": "2"}, **route).status == 303
    as_customer(desk)
    page = text_of(desk.get(scan_savings, scan_id=scan.scan_id))
    assert one.title not in page
    assert other.title not in page


def test_published_findings_are_shown_with_evidence_and_the_sum(desk: Desk, scan: Scan) -> None:
    published(desk, scan)
    page = text_of(desk.get(scan_savings, scan_id=scan.scan_id))
    for one in of_scan(desk, scan, FindingStatus.PUBLISHED):
        assert one.title in page
    assert "You could save" in page
    assert 'class="evidence"' not in page
    opened = [opened_card(desk, scan, one) for one in of_scan(desk, scan, FindingStatus.PUBLISHED)]
    assert any('class="evidence"' in card for card in opened)


def test_another_user_of_the_tenant_gets_the_answer_of_no_scan(desk: Desk, scan: Scan) -> None:
    one = published(desk, scan)
    as_customer(desk, OTHER_USER)
    assert desk.get(scan_savings, scan_id=scan.scan_id).status == 404
    assert decide(desk, scan, one, decision="accepted") == 404


@pytest.mark.parametrize(("decision", "action"), [("accepted", Action.FINDING_ACCEPTED), ("done", Action.FINDING_DONE)])
def test_a_decision_is_kept_and_on_record(desk: Desk, scan: Scan, decision: str, action: Action) -> None:
    one = published(desk, scan)
    assert decide(desk, scan, one, decision=decision) == 303
    assert state(desk, one) == decision
    (entry, *_) = AuditLog(desk.parts.database).of_customer(TENANT)
    assert (entry.action, entry.subject_id) == (action, one.finding_id)


def test_dismissing_needs_a_reason_and_what_was_typed_is_given_back(desk: Desk, scan: Scan) -> None:
    one = published(desk, scan)
    assert decide(desk, scan, one, decision="dismissed", reason="  ") == 422
    form = {"decision": "dismissed", "version": "0", "seen": "2", "reason": "<b>" + "x" * 1_000}
    answer = desk.post(finding_decision, form, scan_id=scan.scan_id, finding_id=one.finding_id)
    assert answer.status == 422
    assert "&lt;b&gt;xxxx" in text_of(answer)
    assert state(desk, one) is None
    assert decide(desk, scan, one, decision="dismissed", reason="We need it.") == 303
    assert "We need it." in opened_card(desk, scan, one)


def test_of_two_decisions_at_once_the_second_is_a_conflict(desk: Desk, scan: Scan) -> None:
    one = published(desk, scan)
    assert decide(desk, scan, one, decision="accepted") == 303
    assert decide(desk, scan, one, decision="dismissed", reason="No.") == 409
    assert state(desk, one) is Decision.ACCEPTED
    assert decide(desk, scan, one, decision="open", version="1") == 303
    assert state(desk, one) is Decision.OPEN


@pytest.mark.parametrize("form", [{"decision": "sold"}, {}, {"decision": "done", "version": "x"}])
def test_a_form_that_is_not_ours_is_refused(desk: Desk, scan: Scan, form: dict[str, str]) -> None:
    assert decide(desk, scan, published(desk, scan), **form) == 400


def test_the_next_scan_knows_the_finding_and_the_decision(desk: Desk, scan: Scan) -> None:
    one = published(desk, scan)
    assert decide(desk, scan, one, decision="done") == 303
    again = drafted(desk, LATER)
    publish(desk, again)
    as_customer(desk)
    (now,) = [each for each in of_scan(desk, again) if each.key == one.key]
    card = opened_card(desk, again, now)
    assert "First reported on 23 Nov 2026" in card
    assert "You marked this as done" in card


def rule_with_savings(desk: Desk, scan: Scan) -> tuple[Finding, list[AffectedResource]]:
    resources = Findings(desk.parts.database).resources(scan.key)
    one = next(
        one
        for one in of_scan(desk, scan, FindingStatus.PUBLISHED)
        if one.measure is Measure.REMOVE and resources[one.finding_id][0].savings
    )
    return one, resources[one.finding_id]


def joined(desk: Desk, scan: Scan, key: str) -> str:
    """A disk as good as the others joins this finding of the next scan before it is published."""
    (one,) = [one for one in of_scan(desk, scan) if one.key == key]
    with desk.parts.database.transaction(TENANT) as connection:
        saving = Saving("GBP", Decimal("4321.09"), SavingBasis.BILLED)
        new = AffectedResource("/subscriptions/x/new", "a-new-one", "disk", "x", None, None, (), (saving,))
        insert_resources(connection, one, [new], 1_000)
    return new.resource_id


def test_what_joins_a_dismissed_finding_is_shown_as_new_and_counts(desk: Desk, scan: Scan) -> None:
    publish(desk, scan)
    as_customer(desk)
    one, _ = rule_with_savings(desk, scan)
    assert decide(desk, scan, one, decision="dismissed", reason="We keep them for the audit.") == 303
    again = drafted(desk, LATER)
    new = joined(desk, again, one.key)
    publish(desk, again)
    as_customer(desk)
    (now,) = [each for each in of_scan(desk, again) if each.key == one.key]
    card = opened_card(desk, again, now)
    assert "1 new since your decision" in card
    assert "£4,321.09" in card
    assert "We keep them for the audit." in card
    assert decide(desk, again, now, decision="accepted", version="1") == 303
    kept = FindingStates(desk.parts.database, TENANT, USER).all()[one.key]
    assert kept.by_resource is not None
    assert kept.by_resource[new] is Decision.ACCEPTED
    assert set(kept.by_resource.values()) == {Decision.ACCEPTED, Decision.DISMISSED}


def test_a_dismissed_finding_stays_dismissed_in_the_next_scan(desk: Desk, scan: Scan) -> None:
    publish(desk, scan)
    as_customer(desk)
    one, _ = rule_with_savings(desk, scan)
    assert decide(desk, scan, one, decision="dismissed", reason="We keep them.") == 303
    again = drafted(desk, LATER)
    publish(desk, again)
    as_customer(desk)
    (now,) = [each for each in of_scan(desk, again) if each.key == one.key]
    card = card_of(text_of(desk.get(scan_savings, scan_id=again.scan_id)), now)
    assert ">Dismissed</span>" in card
    assert "new since your decision" not in card


def test_a_finding_by_hand_keeps_the_customers_word_in_the_next_scan(desk: Desk, scan: Scan) -> None:
    desk.sign_in()
    hand = Writing(desk, scan)
    hand.done(f"add {dear(desk, scan, 'microsoft.compute/disks')[0].resource_id}")
    publish(desk, scan)
    as_customer(desk)
    assert decide(desk, scan, hand.finding, decision="done") == 303
    again = drafted(desk, LATER)
    publish(desk, again)
    as_customer(desk)
    (now,) = [each for each in of_scan(desk, again) if each.key == hand.finding.key]
    card = card_of(text_of(desk.get(scan_savings, scan_id=again.scan_id)), now)
    assert "You marked this as done on" in card
    assert "This scan still found 1 resource" in card


def test_a_decision_about_a_finding_that_changed_in_between_is_not_kept(desk: Desk, scan: Scan) -> None:
    one = published(desk, scan)
    form = {"decision": "accepted", "version": "0", "seen": str(one.version - 1)}
    answer = desk.post(finding_decision, form, scan_id=scan.scan_id, finding_id=one.finding_id)
    assert answer.status == 409
    assert "changed in the meantime" in text_of(answer)
    assert state(desk, one) is None


def test_a_resource_that_the_reviewer_excluded_is_not_shown_as_deleted(desk: Desk, scan: Scan) -> None:
    publish(desk, scan)
    one, _ = rule_with_savings(desk, scan)
    again = drafted(desk, LATER)
    (next_one,) = [each for each in of_scan(desk, again) if each.key == one.key]
    Writing(desk, again, next_one.finding_id).done("exclude 1")
    draft(desk.parts, ScanMessage(tenant_id=TENANT, scan_id=again.scan_id).encode())
    publish(desk, again)
    shown = review(desk.parts.database, again)
    assert {each.fate for each in shown.fates if each.key == one.key} == {Fate.WITHDRAWN}


def test_what_was_dismissed_comes_last_and_counts_no_more(desk: Desk, scan: Scan) -> None:
    publish(desk, scan)
    as_customer(desk)
    one, resources = rule_with_savings(desk, scan)
    assert decide(desk, scan, one, decision="dismissed", reason="We keep them.") == 303
    shown = review(desk.parts.database, scan)
    assert shown.views[-1].finding.finding_id == one.finding_id
    before = totals(finding_set(desk.parts.database, scan.key).claims((FindingStatus.PUBLISHED,)))
    currency = resources[0].savings[0].currency
    assert shown.totals.proven.get(currency, Decimal(0)) < before.proven[currency]


def test_one_resource_of_many_can_be_dismissed_and_counts_no_more(desk: Desk, scan: Scan) -> None:
    publish(desk, scan)
    as_customer(desk)
    resources = Findings(desk.parts.database).resources(scan.key)
    one = next(one for one in of_scan(desk, scan) if len(resources[one.finding_id]) > 1 and one.measure != "commit")
    kept = resources[one.finding_id][0]
    chosen = {"decision": "dismissed", "reason": "A spare.", "scope": "selected"}
    assert decide(desk, scan, one, **chosen, **{"chosen-99999": "on"}) == 400
    assert decide(desk, scan, one, **chosen, **{"chosen-x": "on"}) == 400
    assert decide(desk, scan, one, **chosen) == 422
    assert decide(desk, scan, one, **chosen, **{f"chosen-{kept.position}": "on"}) == 303
    (view,) = [v for v in review(desk.parts.database, scan).views if v.finding.finding_id == one.finding_id]
    assert (view.standing.dismissed, view.standing.is_open) == (frozenset({kept.resource_id}), True)
    card = opened_card(desk, scan, one)
    assert "1 dismissed" in card
    assert "the other resources" in card
    assert AuditLog(desk.parts.database).of_customer(TENANT)[0].details["resource"] == kept.resource_id


@pytest.mark.parametrize("field", ["version", "seen"])
@pytest.mark.parametrize("number", ["1" + "0" * 30, "-1", "9" * 4_096, "2147483648"])
def test_a_number_that_no_column_holds_is_refused_in_words(desk: Desk, scan: Scan, field: str, number: str) -> None:
    finding = published(desk, scan)
    assert decide(desk, scan, finding, decision="accepted", **{field: number}) == 400
    assert state(desk, finding) is None


def test_the_largest_number_that_the_column_holds_is_only_another_version(desk: Desk, scan: Scan) -> None:
    finding = published(desk, scan)
    assert decide(desk, scan, finding, decision="accepted", version="2147483647") == 409
