"""What a month's lines say about a resource: what removing it saves, and whether it ran."""

from datetime import date
from decimal import Decimal

import pytest

from shared.core.billed_costs import UNKNOWN, BilledCosts, MonthCost, billed_costs
from shared.core.findings import Saving, SavingBasis

MONTH = date(2026, 10, 1)
MACHINE, SUBSCRIPTION = "/machine", "Sub-1"


def costs(*rows: MonthCost, known: str = "sub-1") -> BilledCosts:
    return billed_costs(MONTH, frozenset({known}), frozenset({MACHINE}), rows)


def line(amount: str, quantity: str | None, *, lines: int = 1, commitment: str | None = None) -> MonthCost:
    used = None if quantity is None else Decimal(quantity)
    return MonthCost(MACHINE, "GBP", Decimal(amount), lines, used, commitment)


@pytest.mark.parametrize(
    ("rows", "did_not_run"),
    [
        ((), True),
        ((line("0", "744", commitment="Reservation"),), False),
        ((line("90", "744"),), False),
        ((line("0", "0"),), True),
        ((line("3", None, lines=0),), True),
        ((line("0", None),), False),
        ((line("0", "0"), line("0", "0.1")), False),
    ],
    ids=["no line", "covered", "billed", "no hour", "traffic alone", "quantity not known", "in another currency"],
)
def test_a_machine_ran_if_its_compute_meter_measured_any_use_whatever_it_cost(
    rows: tuple[MonthCost, ...], did_not_run: bool
) -> None:
    assert costs(*rows).did_not_run(MACHINE, SUBSCRIPTION) is did_not_run


def test_where_no_costs_were_read_nothing_is_known_to_be_idle() -> None:
    assert not costs(known="another").did_not_run(MACHINE, SUBSCRIPTION)


def test_removing_a_covered_machine_saves_nothing_and_frees_its_commitment() -> None:
    savings, note = costs(line("0", "744", commitment="Reservation")).savings(MACHINE, SUBSCRIPTION)
    assert savings == ()
    assert note == (
        "A reservation covered usage of it in Oct 2026. Removing it frees the reservation for other use, "
        "but does not lower the bill by that part."
    )


def test_what_a_savings_plan_does_not_cover_is_saved() -> None:
    savings, note = costs(line("12.5", "744", commitment="Savings Plan")).savings(MACHINE, SUBSCRIPTION)
    assert savings == (Saving("GBP", Decimal("12.5"), SavingBasis.BILLED),)
    assert "frees the savings plan" in str(note)


def test_of_a_subscription_with_unreadable_rows_an_amount_counts_and_its_absence_means_nothing() -> None:
    part = frozenset({"sub-1"})
    billed = billed_costs(MONTH, frozenset(), frozenset({MACHINE}), [line("90", "744")], part)
    absent = billed_costs(MONTH, frozenset(), frozenset({MACHINE}), [], part)
    assert billed.savings(MACHINE, SUBSCRIPTION) == (
        (Saving("GBP", Decimal(90), SavingBasis.BILLED),),
        "Some cost rows of this subscription could not be read. The savings count the others.",
    )
    assert absent.savings(MACHINE, SUBSCRIPTION) == ((), UNKNOWN)
    assert not absent.did_not_run(MACHINE, SUBSCRIPTION)


def test_where_a_partner_invoices_the_saving_is_at_public_prices() -> None:
    found = billed_costs(
        MONTH, frozenset({"sub-1"}), frozenset({MACHINE}), [line("9", "744")], public_prices=frozenset({"sub-1"})
    )
    savings, note = found.savings(MACHINE, SUBSCRIPTION)
    assert savings == (Saving("GBP", Decimal(9), SavingBasis.PUBLIC_PRICE),)
    assert note is None
