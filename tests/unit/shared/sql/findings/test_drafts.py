from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from shared.core.audit import operator
from shared.core.findings import (
    AffectedResource,
    Confidence,
    DraftFinding,
    Effort,
    Finding,
    FindingStatus,
    Measure,
    Saving,
    SavingBasis,
)
from shared.core.models import Scan, ScanKey
from shared.sql.findings import drafts
from shared.sql.findings.drafts import FindingDrafts
from shared.sql.findings.edits import Edit, FindingEdits
from shared.sql.findings.findings import Findings
from shared.sql.findings.proposals import FindingProposals, Proposal
from tests.unit.shared.sql.store import NOW, TENANT, Store

LATER = NOW + timedelta(minutes=5)
REVIEWER = operator("77777777-7777-4777-8777-777777777777", "reviewer@caleta.example")
EDIT = Edit("Mine", "My text", Confidence.HIGH, Effort.LOW, None)


def draft(*amounts: str) -> DraftFinding:
    resources = tuple(
        AffectedResource(f"/d/{n}", f"d{n}", "disk", "s", None, None, (), (Saving("GBP", Decimal(each), BILLED),))
        for n, each in enumerate(amounts)
    )
    return DraftFinding("rule:x", "Found", "Text", Measure.REMOVE, Confidence.HIGH, Effort.LOW, resources)


BILLED = SavingBasis.BILLED


@pytest.fixture
def scan(store: Store) -> Scan:
    made = store.scan()
    FindingDrafts(store.database).replace(ScanKey(TENANT, made.scan_id), [draft("1", "2")], NOW)
    return made


def found(store: Store, scan: Scan) -> Finding:
    (one,) = Findings(store.database).of_scan(scan.key)
    return one


def amounts(store: Store, scan: Scan) -> list[str]:
    parts = Findings(store.database).parts(found(store, scan))
    return [f"{each.savings[0].monthly.normalize():f}" for each in parts.resources]


def again(store: Store, scan: Scan, *drafts: DraftFinding) -> None:
    FindingDrafts(store.database).replace(scan.key, drafts, LATER)


def proposal(store: Store, scan: Scan) -> Proposal | None:
    return FindingProposals(store.database).of_scan(scan.key).get(found(store, scan).finding_id)


def touch(store: Store, scan: Scan) -> None:
    one = found(store, scan)
    assert FindingEdits(store.database, scan, REVIEWER).save(one.finding_id, one.version, EDIT, NOW) is not None


def test_the_same_figures_make_no_new_version(store: Store, scan: Scan) -> None:
    before = found(store, scan)
    again(store, scan, draft("1.0", "2.00"))
    assert found(store, scan) == before


def test_an_amount_without_an_end_is_the_same_when_it_is_found_again(store: Store, scan: Scan) -> None:
    endless = draft(str(Decimal(100) / Decimal(12)))
    again(store, scan, endless)
    before = found(store, scan)
    again(store, scan, endless)
    assert found(store, scan) == before


def test_an_untouched_draft_follows_under_its_own_id(store: Store, scan: Scan) -> None:
    before = found(store, scan)
    again(store, scan, draft("3"))
    after = found(store, scan)
    assert (after.finding_id, after.version) == (before.finding_id, 2)
    assert amounts(store, scan) == ["3"]


def test_an_untouched_draft_without_a_reason_any_more_is_deleted(store: Store, scan: Scan) -> None:
    again(store, scan)
    assert Findings(store.database).of_scan(scan.key) == []


def test_a_touched_draft_keeps_its_figures_beside_the_new_ones(store: Store, scan: Scan) -> None:
    touch(store, scan)
    again(store, scan, draft("3"))
    assert amounts(store, scan) == ["1", "2"]
    beside = proposal(store, scan)
    assert beside is not None
    assert [each.savings[0].monthly for each in beside.resources] == [Decimal(3)]
    again(store, scan, draft("1", "2"))
    assert proposal(store, scan) is None, "the rows are as they were"


def test_a_touched_draft_that_nothing_gives_reason_for_stays_and_says_so(store: Store, scan: Scan) -> None:
    touch(store, scan)
    again(store, scan)
    beside = proposal(store, scan)
    assert beside is not None
    assert beside.resources == ()


def test_a_discarded_finding_is_left_in_peace(store: Store, scan: Scan) -> None:
    one = found(store, scan)
    FindingEdits(store.database, scan, REVIEWER).move(one.finding_id, 1, FindingStatus.DISCARDED, NOW)
    again(store, scan, draft("3"))
    assert found(store, scan).status is FindingStatus.DISCARDED
    assert proposal(store, scan) is None


def test_a_reviewer_who_was_faster_is_not_overwritten(store: Store, scan: Scan) -> None:
    stale = found(store, scan)
    touch(store, scan)
    with store.database.transaction(TENANT) as connection:
        drafts._rewrite(connection, stale, draft("3"), LATER)
        drafts._unfounded(connection, replace(stale), {}, LATER)
    assert found(store, scan).title == "Mine"
    assert amounts(store, scan) == ["1", "2"]


def test_nothing_is_added_to_a_scan_that_was_deleted(store: Store, scan: Scan) -> None:
    store.delete_customer()
    again(store, scan, draft("3"))
    assert Findings(store.database).of_scan(scan.key) == []
