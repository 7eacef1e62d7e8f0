"""What cost rows say about commitments, in the database."""

from decimal import Decimal

import pytest

from shared.core.models import Scan, ScanKey, Step
from shared.sql.collected.commitments import Commitments
from tests.unit.shared.sql.store import COST_COLUMNS, LEASE, MONTH, NOW, OTHER_TENANT, PAGE, Store, cost, subscription

SIGNS = (*COST_COLUMNS, "charge_category", "commitment_discount_type", "publisher")
AMORTIZED = ("sub_account_id", "charge_period_start", "effective_cost", "billing_currency", "service_name")


def with_row(store: Store, scan: Scan, *signs: str | None) -> Step:
    """A step of costs with one row that has these signs."""
    step = store.claimed(scan, "costs")
    return store.steps.save_page(step, PAGE, "costs", SIGNS, [(*cost("1"), *signs)], 1, None, NOW, LEASE)


@pytest.mark.parametrize(
    ("signs", "shown"),
    [
        (("Usage", None, "Azure"), False),
        (("Usage", "Reservation", "Azure"), True),
        (("Usage", "Savings Plan", None), True),
        (("Purchase", None, "Azure"), True),
        (("Purchase", None, None), True),
        (("Purchase", None, "Marketplace"), False),
        (("Adjustment", None, "Azure"), False),
        ((None, None, None), False),
    ],
)
def test_usage_that_one_covers_and_a_purchase_from_azure_show_a_commitment(
    store: Store, signs: tuple[str | None, ...], shown: bool
) -> None:
    assert Commitments(store.database).are_shown_by(with_row(store, store.scan(), *signs)) is shown


def test_the_rows_of_another_step_show_nothing_of_this_one(store: Store) -> None:
    scan = store.scan()
    with_row(store, scan, "Usage", "Reservation", "Azure")
    other = store.claimed(scan, "costs", number=2)
    assert not Commitments(store.database).are_shown_by(other)


def test_effective_costs_are_summed_exactly_by_currency_and_for_their_customer_alone(store: Store) -> None:
    scan, own = store.scan(), subscription().subscription_id
    rows = [(own, MONTH, Decimal(text), currency, "Virtual Machines") for text, currency in
            (("0.1", "GBP"), ("0.2", "GBP"), ("1e-18", "GBP"), ("3", "USD"))]  # fmt: skip
    step = store.claimed(scan, "amortized_costs")
    store.steps.save_page(step, PAGE, "amortized_costs", AMORTIZED, rows, 1, None, NOW, LEASE)
    found = Commitments(store.database)
    assert found.effective_cost_sums(scan.key) == {"GBP": Decimal("0.300000000000000001"), "USD": Decimal(3)}
    assert found.effective_cost_sums(ScanKey(OTHER_TENANT, scan.scan_id)) == {}
    assert store.collected.cost_sums(scan.key) == {}


def test_a_step_that_follows_is_added_once_and_takes_the_simpler_query_over(store: Store) -> None:
    scan = store.scan()
    step = store.steps.restart(store.claimed(scan, "costs"), NOW, simplified=2)
    (added,) = store.steps.add_following(step, ["amortized_costs"], NOW)
    assert (added.collector, added.subscription_id, added.simplified) == ("amortized_costs", step.subscription_id, 2)
    assert store.steps.add_following(step, ["amortized_costs"], NOW) == [added]
    assert store.steps.claim(added.tenant_id, added.step_id, NOW, LEASE) is not None
    assert store.steps.add_following(step, ["amortized_costs"], NOW) == []
