import json
from decimal import Decimal

import pytest

from shared.core.audit import Action
from shared.core.findings import TYPED, Measure, SavingBasis, SavingFrom
from shared.core.formats import money
from shared.core.models import Scan
from shared.sql.collected.inventory import InventoryRow
from shared.sql.ledgers.audit import AuditLog
from tests.support.clock import START
from tests.support.collecting import TENANT
from tests.support.desk import COLLEAGUE, Desk, text_of
from tests.unit.web.reviewed import drafted, of_scan
from tests.unit.web.written import Writing, dear
from web.desk.findings.editor import desk_finding, desk_finding_save
from web.http.messages import Request

TAG = '"><script>alert(1)</script>'


@pytest.fixture
def scan(desk: Desk) -> Scan:
    made = drafted(desk)
    desk.sign_in()
    return made


@pytest.fixture
def writing(desk: Desk, scan: Scan) -> Writing:
    return Writing(desk, scan)


@pytest.fixture
def disks(desk: Desk, scan: Scan) -> list[InventoryRow]:
    return dear(desk, scan, "microsoft.compute/disks", 3)


def page(writing: Writing, **query: str) -> str:
    return text_of(writing.desk.get(desk_finding, query, scan_id=writing.scan.scan_id, finding_id=writing.finding_id))


def test_the_search_finds_resources_of_this_scan_with_their_cost(writing: Writing, disks: list[InventoryRow]) -> None:
    answer = writing.press("search", q=disks[0].resource_name)
    assert answer.status == 303
    assert answer.headers["Location"].endswith("#resources")
    shown = page(writing, q=disks[0].resource_name)
    assert f'value="add {disks[0].resource_id}"' in shown
    assert "£" in shown


def test_an_added_resource_has_its_billed_cost_as_savings(writing: Writing, disks: list[InventoryRow]) -> None:
    for disk in disks[:2]:
        writing.done(f"add {disk.resource_id}")
    parts = writing.parts
    assert [each.resource_id for each in parts.resources] == [disk.resource_id for disk in disks[:2]]
    assert all(saving.basis is SavingBasis.BILLED for each in parts.resources for saving in each.savings)
    assert all(each.savings for each in parts.resources)
    assert writing.finding.saving_from is SavingFrom.RESOURCES


def test_every_button_saves_the_form(writing: Writing, disks: list[InventoryRow]) -> None:
    writing.done(f"add {disks[0].resource_id}", title="A better title", text="More words")
    assert (writing.finding.title, writing.finding.text) == ("A better title", "More words")
    assert writing.finding.version == 2


def test_all_matching_resources_can_be_added_at_once(writing: Writing) -> None:
    writing.done("add-all", q="microsoft.compute/disks")
    assert len(writing.parts.resources) >= 3
    writing.done("add-all", q="microsoft.compute/disks")
    ids = [each.resource_id for each in writing.parts.resources]
    assert len(ids) == len(set(ids))


def test_a_resource_of_another_scan_is_not_added(desk: Desk, writing: Writing) -> None:
    answer = writing.press("add /subscriptions/x/resourcegroups/y/providers/z/disks/of-another", text="My words")
    assert answer.status == 422
    assert "not in this scan" in text_of(answer)
    assert "My words" in text_of(answer)
    assert writing.finding.version == 1
    other = drafted(desk, START.replace(year=2027))
    stranger = Writing(desk, other)
    route = {"scan_id": writing.scan.scan_id, "finding_id": stranger.finding_id}
    assert desk.post(desk_finding_save, stranger.form, **route).status == 404


def test_a_resource_can_be_excluded_and_included_again(writing: Writing, disks: list[InventoryRow]) -> None:
    for disk in disks:
        writing.done(f"add {disk.resource_id}")
    writing.done("exclude 2")
    assert [each.resource_id for each in writing.parts.excluded] == [disks[1].resource_id]
    assert len(writing.parts.resources) == 2
    writing.done("include 3")
    assert writing.parts.excluded == ()
    assert len(writing.parts.resources) == 3
    assert all(each.savings for each in writing.parts.resources)


def test_resources_of_a_rules_finding_can_be_excluded_but_not_added(
    desk: Desk, scan: Scan, disks: list[InventoryRow]
) -> None:
    rule = next(one for one in of_scan(desk, scan) if not one.is_written)
    writing = Writing(desk, scan, rule.finding_id)
    before = len(writing.parts.resources)
    writing.done("exclude 1", title=rule.title, text=rule.text)
    assert len(writing.parts.resources) == before - 1
    assert writing.press(f"add {disks[0].resource_id}").status == 422
    assert writing.finding.measure is rule.measure


def test_figures_in_evidence_come_from_stored_rows_and_never_from_the_form(
    writing: Writing, disks: list[InventoryRow]
) -> None:
    writing.done(f"add {disks[0].resource_id}").done("add-evidence 1 costs:last").done("add-evidence 1 costs:months")
    writing.done("add-evidence 0 costs:year")
    (disk,) = writing.parts.resources
    assert [line.source for line in disk.evidence] == ["costs:last", "costs:months"]
    assert disk.evidence[0].value == money(disk.savings[0].monthly, disk.savings[0].currency)
    assert writing.finding.evidence[0].label.startswith("Billed for all its resources from Nov 2025")
    assert writing.press("add-evidence 1 costs:never").status == 422
    assert writing.press("add-evidence 7 costs:last").status == 422


def test_advisor_recommendations_can_be_added_as_evidence(desk: Desk, scan: Scan) -> None:
    rule = next(one for one in of_scan(desk, scan) if one.key == "rule:advisor_right_sizing")
    writing = Writing(desk, scan, rule.finding_id)
    shown = page(writing, position="1")
    assert 'value="add-evidence 1 advisor:' in shown
    source = shown.partition('value="add-evidence 1 advisor:')[2].partition('"')[0]
    writing.done(f"add-evidence 1 advisor:{source}", measure="", text=rule.text)
    assert any(line.label == "Azure Advisor" for line in writing.parts.resources[0].evidence)


def test_evidence_for_the_whole_finding_follows_its_resources(writing: Writing, disks: list[InventoryRow]) -> None:
    for disk in disks:
        writing.done(f"add {disk.resource_id}")
    writing.done("add-evidence 0 costs:last")
    before = writing.finding.evidence
    writing.done("exclude 1")
    assert writing.finding.evidence != before
    assert writing.finding.evidence[0].source == "costs:last"


def test_manually_entered_evidence_is_marked_and_escaped(writing: Writing, disks: list[InventoryRow]) -> None:
    writing.done(f"add {disks[0].resource_id}").done(
        "enter-evidence 1", evidence_label=f"Owner{TAG}", evidence_value=f"says {TAG}"
    )
    (line,) = writing.parts.resources[0].evidence
    assert (line.source, line.value) == (TYPED, f"says {TAG}")
    shown = page(writing, position="1")
    assert "entered by the reviewer" in shown
    assert TAG not in shown
    writing.done("remove-evidence 1 0")
    assert writing.parts.resources[0].evidence == ()
    assert writing.press("remove-evidence 1 0").status == 422


def test_typed_evidence_is_kept_by_the_save_button(writing: Writing) -> None:
    writing.done("", evidence_label="Seen", evidence_value="on the phone")
    assert [line.label for line in writing.finding.evidence] == ["Seen"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"evidence_label": "x"},
        {"evidence_label": "x" * 121, "evidence_value": "y"},
        {"evidence_label": "x", "evidence_value": "y" * 601},
        {"evidence_label": "x", "evidence_value": "\N{PILE OF POO}" * 301},
    ],
)
def test_invalid_evidence_stays_in_the_form(writing: Writing, wrong: dict[str, str]) -> None:
    answer = writing.press("enter-evidence 0", **wrong)
    assert answer.status == 422
    assert all(value in text_of(answer) for value in wrong.values())
    assert writing.finding.evidence == ()


def test_the_yearly_saving_is_twelve_months_unless_entered(writing: Writing) -> None:
    writing.done("", monthly="10", currency="GBP")
    (saving,) = writing.parts.whole
    assert (saving.named_year, saving.yearly) == (None, Decimal(120))
    assert "120.00" in page(writing)
    writing.done("", monthly="10", yearly="100", currency="GBP")
    assert writing.parts.whole[0].yearly == Decimal(100)
    writing.done("", monthly="10", yearly="120", currency="GBP")
    assert writing.parts.whole[0].named_year is None


def test_a_saving_above_the_cost_is_a_warning_not_an_error(writing: Writing, disks: list[InventoryRow]) -> None:
    writing.done("", monthly="1", currency="GBP")
    assert "lists no resources" in page(writing)
    writing.done(f"add {disks[0].resource_id}", monthly="99999", currency="GBP")
    assert "more than the billed cost of all its resources in Oct 2026" in page(writing)
    assert writing.parts.whole[0].monthly == Decimal(99999)
    assert writing.finding.saving_from is SavingFrom.NAMED
    writing.done("", monthly="0.01", currency="GBP")
    assert "more than the billed cost" not in page(writing)


def test_a_finding_can_have_no_savings(writing: Writing, disks: list[InventoryRow]) -> None:
    writing.done(f"add {disks[0].resource_id}").done("", use_billed_cost="", measure="tidy")
    assert writing.finding.saving_from is SavingFrom.NONE
    assert writing.finding.measure is Measure.TIDY
    assert writing.parts.resources[0].savings == ()
    writing.done("", use_billed_cost="yes")
    assert writing.parts.resources[0].savings


def test_an_outdated_page_changes_nothing_and_keeps_the_text(writing: Writing, disks: list[InventoryRow]) -> None:
    writing.done("", text="The first text")
    writing.desk.sign_in(COLLEAGUE)
    answer = writing.press(f"add {disks[0].resource_id}", text="The second text", version="1")
    assert answer.status == 409
    assert "The second text" in text_of(answer)
    assert "The first text" in text_of(answer)
    assert writing.parts.resources == ()


def test_saving_without_changes_creates_no_version(writing: Writing) -> None:
    writing.done("")
    version = writing.finding.version
    writing.done("find", q="disk").done("show-evidence 0")
    assert writing.finding.version == version


def test_the_script_receives_the_yearly_amount_and_warnings(desk: Desk, writing: Writing) -> None:
    headers = {"sec-fetch-site": "same-origin", "origin": desk.parts.settings.base_url, "accept": "application/json"}
    route = {"scan_id": writing.scan.scan_id, "finding_id": writing.finding_id}
    given = {
        **writing.form,
        "version": "1",
        "monthly": "5",
        "currency": "GBP",
        "evidence_label": "half",
        "evidence_value": "typed",
    }
    answer = desk.send(desk_finding_save, Request("POST", "/", route, {}, given, desk.cookies, headers))
    body = json.loads(answer.body)
    assert (answer.status, body["year"]) == (200, "£60.00")
    assert len(body["warnings"]) == 1
    assert writing.finding.evidence == (), "what is not added yet is no part of the finding"


def test_an_operation_is_logged(writing: Writing, disks: list[InventoryRow]) -> None:
    writing.done(f"add {disks[0].resource_id}")
    entry = AuditLog(writing.desk.parts.database).of_customer(TENANT)[0]
    assert entry.action is Action.FINDING_EDITED
    assert entry.details["change"] == f"Added {disks[0].resource_name}."
