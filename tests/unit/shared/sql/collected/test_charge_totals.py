"""Sums of charges by kind in both views, in the database."""

from datetime import date
from decimal import Decimal

from shared.core.commitments import CostView, Layer, layer_costs
from shared.core.models import Scan, ScanKey
from shared.sql.collected.charge_totals import ChargeTotals
from tests.unit.shared.sql.store import LEASE, NOW, OTHER_TENANT, PAGE, Store, subscription

FEBRUARY = date(2026, 2, 1)
KIND = ("charge_type", "pricing_category", "commitment_discount_type", "publisher")
WHO = ("sub_account_id", "charge_period_start", "billing_currency", "service_name")
ON_DEMAND = ("Usage", "Standard", None, "Azure")
COVERED = ("Usage", "Committed", "Reservation", "Azure")
BOUGHT = ("Purchase", "Standard", None, "Azure")
UNUSED = ("UnusedReservation", "Committed", "Reservation", "Azure")


def save(store: Store, scan: Scan, collector: str, number: int, *rows: tuple[str, tuple[str | None, ...]]) -> None:
    """Rows of one subscription, each an amount and its kind."""
    amount = "billed_cost" if collector == "costs" else "effective_cost"
    own = subscription(number).subscription_id
    values = [(own, FEBRUARY, "GBP", "Virtual Machines", Decimal(text), *kind) for text, kind in rows]
    step = store.claimed(scan, collector, number)
    store.steps.save_page(step, PAGE, collector, (*WHO, amount, *KIND), values, 1, None, NOW, LEASE)


def computed(store: Store) -> tuple[ChargeTotals, Scan]:
    """One subscription with a reservation, one without, which was not read amortized."""
    scan, totals = store.scan(), ChargeTotals(store.database)
    save(store, scan, "costs", 1, ("0", COVERED), ("120", BOUGHT), ("0.1", ON_DEMAND), ("0.2", ON_DEMAND))
    save(store, scan, "costs", 2, ("7", ON_DEMAND))
    save(store, scan, "amortized_costs", 1, ("8", COVERED), ("2", UNUSED), ("0.3", ON_DEMAND))
    totals.compute(scan.key)
    return totals, scan


def test_the_amortized_view_has_the_actual_costs_of_subscriptions_that_needed_no_other(store: Store) -> None:
    totals, scan = computed(store)
    layers = {each.layer: (each.actual, each.amortized) for each in layer_costs(totals.charges(scan.key))}
    assert layers == {
        Layer.USAGE: (Decimal("7.3"), Decimal("15.3")),
        Layer.PURCHASES: (Decimal(120), None),
        Layer.UNUSED: (None, Decimal(2)),
    }


def test_each_month_is_summed_in_each_view(store: Store) -> None:
    totals, scan = computed(store)
    assert totals.by_month(scan.key, CostView.ACTUAL) == {"GBP": {FEBRUARY: Decimal("127.3")}}
    assert totals.by_month(scan.key, CostView.AMORTIZED) == {"GBP": {FEBRUARY: Decimal("17.3")}}


def test_they_can_be_computed_again_and_belong_to_their_customer(store: Store) -> None:
    totals, scan = computed(store)
    before = totals.charges(scan.key)
    totals.compute(scan.key)
    assert totals.charges(scan.key) == before != []
    assert totals.charges(ScanKey(OTHER_TENANT, scan.scan_id)) == []
