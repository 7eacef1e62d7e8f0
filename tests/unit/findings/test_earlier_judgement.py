"""A reviewer's judgement in one review, in the drafts of the next."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from findings.earlier_judgement import TITLES
from shared.core.findings import Finding, FindingStatus, Measure
from shared.core.models import Scan
from shared.core.savings_ledger import Fate
from shared.sql.findings.findings import Findings
from shared.sql.findings.savings_ledger import SavingsLedger
from tests.support.clock import START
from tests.support.collecting import TENANT
from tests.support.desk import Desk
from tests.unit.web.reviewed import drafted, of_scan, publish
from tests.unit.web.written import Writing
from web.desk.findings.listing import desk_finding_status

NEXT, AFTER_NEXT = START + timedelta(days=30), START + timedelta(days=60)
ADDED = "Ask the data team before you delete any of these."


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    made.sign_in()
    yield made
    made.close()


@pytest.fixture
def scan(desk: Desk) -> Scan:
    return drafted(desk)


def several(desk: Desk, scan: Scan) -> Finding:
    """A rule's finding of several resources."""
    resources = Findings(desk.parts.database).resources(scan.key)
    return next(
        one
        for one in of_scan(desk, scan)
        if len(resources[one.finding_id]) > 1 and one.measure is not Measure.COMMIT and one.key in TITLES
    )


def editing(desk: Desk, scan: Scan, finding: Finding) -> Writing:
    made = Writing(desk, scan, finding.finding_id)
    made.form |= {"title": finding.title, "text": finding.text}
    return made


def same(desk: Desk, scan: Scan, finding: Finding) -> Finding:
    return next(one for one in of_scan(desk, scan) if one.key == finding.key)


def test_an_excluded_resource_stays_excluded_and_says_so(desk: Desk, scan: Scan) -> None:
    one = several(desk, scan)
    made = editing(desk, scan, one)
    made.done("exclude 1")
    (excluded,) = made.parts.excluded
    publish(desk, scan)
    for at in (NEXT, AFTER_NEXT):
        later = drafted(desk, at)
        now = same(desk, later, one)
        parts = Findings(desk.parts.database).parts(now)
        assert [each.resource_id for each in parts.excluded] == [excluded.resource_id]
        assert excluded.resource_id not in {each.resource_id for each in parts.resources}
        assert f"excluded {excluded.resource_name}" in (now.to_check or "")
        assert now.title == TITLES[one.key](len(parts.resources))
        publish(desk, later)


def test_a_resource_that_is_included_again_is_no_longer_carried_as_excluded(desk: Desk, scan: Scan) -> None:
    one = several(desk, scan)
    editing(desk, scan, one).done("exclude 1")
    publish(desk, scan)
    later = drafted(desk, NEXT)
    made = editing(desk, later, same(desk, later, one))
    (excluded,) = made.parts.excluded
    made.done(f"include {excluded.position}")
    publish(desk, later)
    last = drafted(desk, AFTER_NEXT)
    assert Findings(desk.parts.database).parts(same(desk, last, one)).excluded == ()


def test_text_that_a_reviewer_added_follows_the_rules_new_text_until_it_is_removed(desk: Desk, scan: Scan) -> None:
    one = several(desk, scan)
    editing(desk, scan, one).done(text=f"{one.text}\n\n{ADDED}")
    publish(desk, scan)
    for at in (NEXT, AFTER_NEXT):
        later = drafted(desk, at)
        now = same(desk, later, one)
        assert now.text.endswith(ADDED)
        assert now.text.count(ADDED) == 1
        assert now.carried_text == ADDED
        publish(desk, later)
    last = drafted(desk, AFTER_NEXT + timedelta(days=30))
    made = editing(desk, last, same(desk, last, one))
    made.done(text=made.finding.text.replace(ADDED, "").strip())
    publish(desk, last)
    assert ADDED not in same(desk, drafted(desk, AFTER_NEXT + timedelta(days=60)), one).text


def test_a_discarded_finding_stays_discarded_and_the_ledger_no_longer_calls_it_open(desk: Desk, scan: Scan) -> None:
    one = several(desk, scan)
    publish(desk, scan)
    later = drafted(desk, NEXT)
    now = same(desk, later, one)
    route = {"scan_id": later.scan_id, "finding_id": now.finding_id}
    desk.sign_in()
    form = {"status": "discarded", "version": str(now.version)}
    assert desk.post(desk_finding_status, form, **route).status == 303
    publish(desk, later)
    entries = [each for each in SavingsLedger(desk.parts.database, TENANT).entries() if each.key == one.key]
    assert {each.fate for each in entries} == {Fate.WITHDRAWN}
    last = drafted(desk, AFTER_NEXT)
    carried = same(desk, last, one)
    assert carried.status is FindingStatus.DISCARDED
    assert "discarded this finding" in (carried.to_check or "")
