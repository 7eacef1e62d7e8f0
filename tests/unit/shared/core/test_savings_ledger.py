"""What became of a resource, and what it saved, from what scans found."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from shared.core.findings import Measure, Saving, SavingBasis
from shared.core.savings_ledger import Fate, LedgerEntry, Observation, counted_once, observed

OCTOBER, NOVEMBER, DECEMBER, JANUARY = date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)
REPORTED = datetime(2026, 11, 23, 12, tzinfo=UTC)
IN_DECEMBER, IN_JANUARY = datetime(2026, 12, 23, tzinfo=UTC), datetime(2027, 1, 23, tzinfo=UTC)
IN_FEBRUARY = datetime(2027, 2, 23, tzinfo=UTC)

ENTRY = LedgerEntry(
    tenant_id="t",
    ledger_id="l",
    user_object_id="u",
    key="rule:unattached_disks",
    title="Delete 1 unattached disk",
    measure=Measure.REMOVE,
    resource_id="/subscriptions/s/resourcegroups/g/providers/microsoft.compute/disks/d",
    resource_name="d",
    resource_type="microsoft.compute/disks",
    sub_account_id="s",
    resource_group="g",
    first_scan_id="one",
    first_reported_at=REPORTED,
    scan_id="one",
    observed_at=REPORTED,
    fate=Fate.OPEN,
    fate_since=REPORTED,
    first_month=OCTOBER,
    open_until=OCTOBER,
    estimated=(Saving("GBP", Decimal(40), SavingBasis.BILLED),),
)


def pounds(*months: tuple[date, str]) -> dict[date, Mapping[str, Decimal]]:
    return {month: ({"GBP": Decimal(amount)} if amount else {}) for month, amount in months}


def seen(
    at: datetime,
    *months: tuple[date, str],
    is_listed: bool = True,
    is_inventory_read: bool = True,
    is_in_inventory: bool = False,
    is_named: bool = False,
) -> Observation:
    return Observation(at, is_listed, is_inventory_read, is_in_inventory, is_named, pounds(*months))


def test_what_left_the_inventory_and_the_bill_is_removed_and_each_full_month_counts() -> None:
    after = observed(ENTRY, seen(IN_JANUARY, (OCTOBER, "40.10"), (NOVEMBER, "12.00"), (DECEMBER, "")))
    assert (after.fate, after.fate_since) == (Fate.REMOVED, IN_JANUARY)
    assert after.realized == {"GBP": Decimal("40.10")}, "November still had charges: only December counts"
    assert after.billed_since == {"GBP": Decimal("12.00")}


def test_each_later_month_without_charges_adds_to_what_was_saved() -> None:
    first = observed(ENTRY, seen(IN_JANUARY, (OCTOBER, "40.10"), (NOVEMBER, ""), (DECEMBER, "")))
    after = observed(first, seen(IN_FEBRUARY, (NOVEMBER, ""), (DECEMBER, ""), (JANUARY, "")))
    assert first.realized == {"GBP": Decimal("80.20")}
    assert after.realized == {"GBP": Decimal("120.30")}
    assert after.fate_since == IN_JANUARY


def test_the_same_scan_changes_nothing_when_it_is_applied_again() -> None:
    scan = seen(IN_JANUARY, (OCTOBER, "40.10"), (NOVEMBER, "7"), (DECEMBER, ""))
    once = observed(ENTRY, scan)
    assert observed(once, scan) == once


def test_what_left_the_inventory_but_is_still_billed_has_saved_nothing_yet() -> None:
    after = observed(ENTRY, seen(IN_DECEMBER, (OCTOBER, "40.10"), (NOVEMBER, "39.00")))
    assert after.fate is Fate.REMOVED_STILL_BILLED
    assert after.realized == {}


def test_what_is_still_in_the_inventory_was_not_removed_and_its_lower_bill_counts_from_the_next_month() -> None:
    first = observed(ENTRY, seen(IN_DECEMBER, (OCTOBER, "40.00"), (NOVEMBER, "30.00"), is_in_inventory=True))
    after = observed(first, seen(IN_FEBRUARY, (DECEMBER, "25.00"), (JANUARY, "15.50"), is_in_inventory=True))
    assert first.fate is after.fate is Fate.NOT_REPORTED
    assert first.realized == {}
    assert after.realized == {"GBP": Decimal("24.50")}, "October's 40.00 less January's 15.50"


@pytest.mark.parametrize(
    ("found", "fate"),
    [({"is_inventory_read": False}, Fate.NOT_READ), ({"is_listed": False}, Fate.NOT_LISTED)],
)
def test_what_a_scan_could_not_see_is_neither_removed_nor_saved(found: dict[str, bool], fate: Fate) -> None:
    after = observed(ENTRY, seen(IN_DECEMBER, (OCTOBER, "40.00"), (NOVEMBER, ""), **found))
    assert after.fate is fate
    assert after.realized == {}
    later = observed(after, seen(IN_JANUARY, (OCTOBER, "40.00"), (NOVEMBER, ""), (DECEMBER, "")))
    assert later.realized == {"GBP": Decimal("80.00")}, "once it can be seen, both months count"


def test_a_month_in_which_the_finding_was_open_costs_and_never_counts_as_saved() -> None:
    still = observed(ENTRY, seen(IN_DECEMBER, (OCTOBER, "40.00"), (NOVEMBER, "41.00"), is_named=True))
    after = observed(still, seen(IN_JANUARY, (NOVEMBER, "41.00"), (DECEMBER, "")))
    assert still.billed_since == {"GBP": Decimal("41.00")}
    assert after.realized == {"GBP": Decimal("41.00")}, "the baseline is the last month before the change"


def test_a_resource_that_comes_back_stops_saving_and_keeps_what_it_saved() -> None:
    removed = observed(ENTRY, seen(IN_DECEMBER, (OCTOBER, "40.00"), (NOVEMBER, "")))
    back = observed(removed, seen(IN_JANUARY, (NOVEMBER, ""), (DECEMBER, "38.00"), is_named=True))
    assert (back.fate, back.returned_at) == (Fate.OPEN, IN_JANUARY)
    assert back.realized == {"GBP": Decimal("40.00")}
    assert back.billed_since == {"GBP": Decimal("38.00")}


def test_a_month_that_azure_corrected_is_taken_over() -> None:
    first = observed(ENTRY, seen(IN_DECEMBER, (OCTOBER, "40.00"), (NOVEMBER, "41.00"), is_named=True))
    after = observed(first, seen(IN_JANUARY, (NOVEMBER, "42.50"), (DECEMBER, "1"), is_named=True))
    assert after.billed_since == {"GBP": Decimal("43.50")}


def test_without_the_costs_nothing_is_said_to_be_off_the_bill() -> None:
    unread = replace(seen(IN_DECEMBER), billed=None)
    after = observed(ENTRY, unread)
    assert after.fate is Fate.REMOVED_STILL_BILLED
    assert after.realized == {}


def test_a_resource_of_two_findings_counts_under_the_measure_that_comes_first() -> None:
    resize = replace(ENTRY, ledger_id="r", key="rule:resize", measure=Measure.RESIZE)
    assert [one.ledger_id for one in counted_once([resize, ENTRY])] == ["l"]
