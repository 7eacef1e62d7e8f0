"""The reviewers' changes, carried over two scans and a re-pull."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from findings.carry_over import NAMED_BY_HAND, NO_RESOURCE, UNREAD
from findings.draft import draft
from shared.core.findings import Finding, FindingStatus, Measure, SavingBasis, SavingFrom
from shared.core.formats import money
from shared.core.messages import ScanMessage
from shared.core.models import Scan, StepStatus
from shared.core.operators import Operator
from shared.sql.collected.inventory import InventoryRow
from shared.sql.findings.findings import FindingParts, Findings
from shared.sql.findings.proposals import FindingProposals, Proposal
from shared.sql.findings.publication import FindingPublication
from shared.sql.schema.tables import steps
from tests.support.clock import START
from tests.support.collecting import TENANT
from tests.support.desk import Desk
from tests.unit.web.reviewed import drafted, of_scan, publish
from tests.unit.web.written import Writing, dear, rebill, vanish
from web.desk.access import actor
from web.desk.findings.listing import desk_finding_status

LATER = START + timedelta(days=30)
DISKS = "microsoft.compute/disks"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    made.sign_in()
    yield made
    made.close()


@pytest.fixture
def scan(desk: Desk) -> Scan:
    return drafted(desk)


@pytest.fixture
def disks(desk: Desk, scan: Scan) -> list[InventoryRow]:
    return dear(desk, scan, DISKS, 3)


def written(desk: Desk, scan: Scan, disks: list[InventoryRow], **fields: str) -> Writing:
    made = Writing(desk, scan)
    for disk in disks:
        made.done(f"add {disk.resource_id}", **fields)
    return made


def again(desk: Desk, scan: Scan) -> None:
    """Draft the findings again after a re-pull."""
    draft(desk.parts, ScanMessage(tenant_id=TENANT, scan_id=scan.scan_id).encode())


def of_key(desk: Desk, scan: Scan, key: str) -> tuple[Finding, FindingParts]:
    (one,) = [one for one in of_scan(desk, scan) if one.key == key]
    return one, Findings(desk.parts.database).parts(one)


def proposal(desk: Desk, scan: Scan, finding: Finding) -> Proposal | None:
    return FindingProposals(desk.parts.database).of_scan(scan.key).get(finding.finding_id)


def test_a_published_finding_becomes_a_draft_of_the_next_scan_with_its_costs(
    desk: Desk, scan: Scan, disks: list[InventoryRow]
) -> None:
    hand = written(desk, scan, disks)
    hand.done("add-evidence 1 costs:last").done("enter-evidence 2", evidence_label="Owner", evidence_value="has left")
    publish(desk, scan)
    next_scan = drafted(desk, LATER)
    one, parts = of_key(desk, next_scan, hand.finding.key)
    assert (one.status, one.carried_from, one.is_edited) == (FindingStatus.DRAFT, scan.scan_id, False)
    assert one.finding_id != hand.finding_id
    assert [each.resource_id for each in parts.resources] == [disk.resource_id for disk in disks]
    assert parts.resources[0].evidence[0].label == "Billed in Nov 2026"
    assert parts.resources[0].savings != hand.parts.resources[0].savings
    assert parts.resources[1].evidence[0].is_typed
    assert one.to_check is None


def test_a_manually_entered_saving_is_carried_over_to_be_checked(
    desk: Desk, scan: Scan, disks: list[InventoryRow]
) -> None:
    hand = written(desk, scan, disks[:1], monthly="5", yearly="50", currency="GBP")
    publish(desk, scan)
    next_scan = drafted(desk, LATER)
    one, parts = of_key(desk, next_scan, hand.finding.key)
    assert one.to_check == NAMED_BY_HAND
    assert one.saving_from is SavingFrom.NAMED
    assert [(saving.monthly, saving.yearly) for saving in parts.whole] == [(Decimal(5), Decimal(50))]
    seen = Writing(desk, next_scan, one.finding_id)
    seen.done("confirm-figures", monthly="5", yearly="50", currency="GBP")
    assert seen.finding.to_check is None


def test_a_finding_without_resources_is_carried_over_to_be_checked(desk: Desk, scan: Scan) -> None:
    hand = Writing(desk, scan).done("")
    publish(desk, scan)
    one, _ = of_key(desk, drafted(desk, LATER), hand.finding.key)
    assert one.to_check == NO_RESOURCE


def test_a_deleted_resource_is_not_carried_over_and_neither_is_a_finding_without_resources(
    desk: Desk, scan: Scan, disks: list[InventoryRow]
) -> None:
    both, one_disk = written(desk, scan, disks[:2]), written(desk, scan, disks[:1])
    publish(desk, scan)
    next_scan = drafted(desk, LATER)
    vanish(desk, next_scan, disks[0].resource_id)
    again(desk, next_scan)
    one, parts = of_key(desk, next_scan, both.finding.key)
    assert [each.resource_id for each in parts.resources] == [disks[1].resource_id]
    assert one.to_check == "1 of 2 resources no longer exist."
    assert one_disk.finding.key not in {each.key for each in of_scan(desk, next_scan)}


def test_a_resource_of_an_unread_subscription_is_carried_over_and_marked(
    desk: Desk, scan: Scan, disks: list[InventoryRow]
) -> None:
    hand = written(desk, scan, disks[:1])
    publish(desk, scan)
    next_scan = drafted(desk, LATER)
    vanish(desk, next_scan, disks[0].resource_id)
    with desk.parts.database.transaction(TENANT) as connection:
        own = (steps.c.scan_id == next_scan.scan_id, steps.c.collector == "inventory")
        connection.execute(steps.update().where(*own).values(status=StepStatus.BLOCKED))
    again(desk, next_scan)
    one, parts = of_key(desk, next_scan, hand.finding.key)
    assert [(each.note, each.savings) for each in parts.resources] == [(UNREAD, ())]
    assert one.to_check is not None
    assert "could not be read" in one.to_check


def test_an_unpublished_finding_is_not_carried_over(desk: Desk, scan: Scan, disks: list[InventoryRow]) -> None:
    hand = written(desk, scan, disks[:1])
    route = {"scan_id": scan.scan_id, "finding_id": hand.finding_id}
    move = {"status": "discarded", "version": str(hand.finding.version)}
    assert desk.post(desk_finding_status, move, **route).status == 303
    publish(desk, scan)
    keys = {one.key for one in of_scan(desk, drafted(desk, LATER))}
    assert hand.finding.key not in keys


def test_a_discarded_draft_is_not_carried_over_again(desk: Desk, scan: Scan, disks: list[InventoryRow]) -> None:
    hand = written(desk, scan, disks[:1])
    publish(desk, scan)
    second = drafted(desk, LATER)
    one, _ = of_key(desk, second, hand.finding.key)
    route = {"scan_id": second.scan_id, "finding_id": one.finding_id}
    assert desk.post(desk_finding_status, {"status": "discarded", "version": "1"}, **route).status == 303
    again(desk, second)
    assert of_key(desk, second, hand.finding.key)[0].status is FindingStatus.DISCARDED
    publish(desk, second)
    third = drafted(desk, LATER + timedelta(days=30))
    assert hand.finding.key not in {each.key for each in of_scan(desk, third)}


def test_drafting_again_without_new_data_changes_nothing(desk: Desk, scan: Scan, disks: list[InventoryRow]) -> None:
    hand = written(desk, scan, disks)
    hand.done("add-evidence 0 costs:year").done("add-evidence 1 costs:last")
    for one in of_scan(desk, scan)[:3]:
        if not one.is_written:
            Writing(desk, scan, one.finding_id).done("", title="Mine", text=one.text)
    before = of_scan(desk, scan), Findings(desk.parts.database).resources(scan.key)
    again(desk, scan)
    assert (of_scan(desk, scan), Findings(desk.parts.database).resources(scan.key)) == before
    assert FindingProposals(desk.parts.database).of_scan(scan.key) == {}


def rule_with_saving(desk: Desk, scan: Scan) -> tuple[Finding, FindingParts]:
    for one in of_scan(desk, scan, FindingStatus.DRAFT):
        parts = Findings(desk.parts.database).parts(one)
        bases = {saving.basis for each in parts.resources[:1] for saving in each.savings}
        if bases == {SavingBasis.BILLED} and one.measure is Measure.REMOVE and not one.is_written:
            return one, parts
    raise AssertionError("no rule found a saving on the bill")


def test_an_unchanged_draft_follows_the_new_data(desk: Desk, scan: Scan) -> None:
    one, parts = rule_with_saving(desk, scan)
    rebill(desk, scan, parts.resources[0].resource_id, {"billed_cost": Decimal("1234.5")})
    again(desk, scan)
    after, new_parts = of_key(desk, scan, one.key)
    assert (after.finding_id, after.version, after.is_edited) == (one.finding_id, 2, False)
    assert Decimal("1234.5") <= new_parts.resources[0].savings[0].monthly
    assert new_parts.resources[0].savings != parts.resources[0].savings
    assert proposal(desk, scan, after) is None
    history = FindingPublication(desk.parts.database, scan, actor(operator(desk))).history(one.finding_id)
    assert [(each.version, each.changed_by) for each in history] == [(2, None), (1, None)]


def operator(desk: Desk) -> Operator:
    found = desk.parts.operator_sessions.get(next(iter(desk.cookies.values())))
    assert found is not None
    return found


def test_a_changed_draft_stays_until_the_reviewer_accepts_the_new_figures(desk: Desk, scan: Scan) -> None:
    one, parts = rule_with_saving(desk, scan)
    hand = Writing(desk, scan, one.finding_id)
    hand.done("", title=one.title, text="My own words")
    rebill(desk, scan, parts.resources[0].resource_id, {"billed_cost": Decimal("1234.5")})
    again(desk, scan)
    assert hand.parts.resources == parts.resources
    assert proposal(desk, scan, one) is not None
    hand.done("accept-figures", title=one.title, text="My own words")
    assert hand.parts.resources[0].savings != parts.resources[0].savings
    assert hand.finding.text == "My own words"
    assert proposal(desk, scan, one) is None
    again(desk, scan)
    assert proposal(desk, scan, one) is None


def test_the_old_figures_can_be_kept(desk: Desk, scan: Scan) -> None:
    one, parts = rule_with_saving(desk, scan)
    hand = Writing(desk, scan, one.finding_id)
    hand.done("", text="My own words")
    rebill(desk, scan, parts.resources[0].resource_id, {"billed_cost": Decimal("1234.5")})
    again(desk, scan)
    hand.done("keep-figures", text="My own words")
    assert hand.parts.resources == parts.resources
    assert proposal(desk, scan, one) is None


def test_a_published_finding_is_not_changed_silently(desk: Desk, scan: Scan) -> None:
    one, parts = rule_with_saving(desk, scan)
    publish(desk, scan)
    for resource in parts.resources:
        vanish(desk, scan, resource.resource_id)
    again(desk, scan)
    after, same = of_key(desk, scan, one.key)
    assert (after.status, same.resources) == (FindingStatus.PUBLISHED, parts.resources)
    found = proposal(desk, scan, one)
    assert found is not None
    assert found.resources == ()


def test_exclusions_and_evidence_survive_a_re_pull(desk: Desk, scan: Scan) -> None:
    one, parts = rule_with_saving(desk, scan)
    hand = Writing(desk, scan, one.finding_id)
    hand.form |= {"title": one.title, "text": one.text}
    hand.done("enter-evidence 1", evidence_label="Owner", evidence_value="has left").done("add-evidence 1 costs:last")
    if len(parts.resources) > 1:
        hand.done("exclude 2")
    rebill(desk, scan, parts.resources[0].resource_id, {"billed_cost": Decimal("1234.5")})
    again(desk, scan)
    hand.done("accept-figures")
    ids = {each.resource_id for each in hand.parts.resources}
    assert ids == {each.resource_id for each in parts.resources} - {each.resource_id for each in hand.parts.excluded}
    lines = {line.source: line.value for line in hand.parts.resources[0].evidence if line.source}
    assert lines["typed"] == "has left"
    saving = hand.parts.resources[0].savings[0]
    assert lines["costs:last"] == money(saving.monthly, saving.currency)
    assert saving.monthly >= Decimal("1234.5")


def test_a_written_finding_is_compared_with_re_pulled_data(desk: Desk, scan: Scan, disks: list[InventoryRow]) -> None:
    hand = written(desk, scan, disks[:1])
    before = hand.parts.resources
    rebill(desk, scan, disks[0].resource_id, {"billed_cost": Decimal("77.5")})
    again(desk, scan)
    assert hand.parts.resources == before
    found = proposal(desk, scan, hand.finding)
    assert found is not None
    hand.done("accept-figures")
    assert hand.parts.resources[0].savings[0].monthly >= Decimal("77.5")
