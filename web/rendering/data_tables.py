"""Tables of what was read, row by row: cost rows, resources, offers of reservations and savings plans."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from shared.core.azure_names import region_name, type_name
from shared.core.formats import subscription
from shared.sql.collected.cost_rows import CostRow
from shared.sql.collected.inventory import InventoryRow
from shared.sql.collected.recommendations import ReservationRecommendation, SavingsPlanRecommendation
from web.rendering.cost_files import COST_COLUMNS, rows_of
from web.rendering.recommendations import Choice, Option
from web.rendering.workbook import Column, Kind, Table

Row = Sequence[object]
OfferT = TypeVar("OfferT", bound=ReservationRecommendation | SavingsPlanRecommendation)

RESOURCE_COLUMNS = (
    Column("Resource", width=40),
    Column("Type", width=36),
    Column("Subscription", width=30),
    Column("Resource group", width=28),
    Column("Location", width=16),
    Column("Kind", width=16),
    Column("SKU", width=24),
    Column("Tags", width=50),
    Column("Resource ID", width=60),
)
OFFER_COLUMNS = (
    Column("Commitment", width=14),
    Column("SKU", width=30),
    Column("Resource type", width=24),
    Column("Location", width=16),
    Column("Scope", width=12),
    Column("Term", width=10),
    Column("Days of usage", Kind.COUNT, 10),
    Column("Quantity or amount an hour", Kind.AMOUNT, 16),
    Column("Cost without", Kind.AMOUNT, 16),
    Column("Cost with", Kind.AMOUNT, 16),
    Column("Savings", Kind.AMOUNT, 16),
    Column("Savings a month", Kind.AMOUNT, 16),
    Column("Currency", width=9),
    Column("Best of its alternatives", width=12),
    Column("Subscription", width=30),
)


def cost_row_table(lines: Iterable[CostRow], subscriptions: Mapping[str, str]) -> Table:
    """Return every cost row by month: what a pivot table wants."""
    columns = tuple(Column(column.title, column.kind) for column in COST_COLUMNS)
    note = "Billed cost before tax and credits, in the month of the charge. Each row of Azure's answer is one row here."
    return Table("Costs by month", note, columns, rows_of(COST_COLUMNS, lines, subscriptions))


def inventory_table(resources: Iterable[InventoryRow], subscriptions: Mapping[str, str]) -> Table:
    """Return every resource that was read."""
    note = "Every resource that Azure Resource Graph listed when the scan ran."
    return Table("Resources", note, RESOURCE_COLUMNS, (_resource(one, subscriptions) for one in resources))


def _resource(one: InventoryRow, subscriptions: Mapping[str, str]) -> Row:
    return (
        one.resource_name,
        type_name(one.resource_type),
        subscription(one.sub_account_id, subscriptions),
        one.resource_group,
        region_name(one.region_id) if one.region_id else None,
        one.kind,
        _sku_name(one.sku_json),
        one.tags_json,
        one.resource_id,
    )


def _sku_name(sku_json: str | None) -> str | None:
    """Return the SKU's name; SKUs without one have no short form."""
    sku = json.loads(sku_json) if sku_json else None
    return str(sku["name"]) if isinstance(sku, dict) and sku.get("name") else None


def commitment_table(
    reservations: Sequence[Choice[ReservationRecommendation]],
    savings_plans: Sequence[Choice[SavingsPlanRecommendation]],
    subscriptions: Mapping[str, str],
) -> Table:
    """Return Azure's offers of commitments, each beside its alternatives."""
    rows = [row for choice in reservations for row in _options(choice, _reservation, subscriptions)]
    rows += [row for choice in savings_plans for row in _options(choice, _savings_plan, subscriptions)]
    note = "Azure's estimates over the days of usage. Offers are alternatives to each other: do not add them up."
    return Table("Commitments", note, OFFER_COLUMNS, rows)


def _options(choice: Choice[OfferT], described: Callable[[OfferT], Row], subscriptions: Mapping[str, str]) -> list[Row]:
    rows: list[Row] = []
    for option in (choice.best, *choice.alternatives):
        is_best = "Yes" if option is choice.best else "No"
        of = subscription(option.row.sub_account_id, subscriptions)
        rows.append((*described(option.row), *_amounts(option), is_best, of))
    return rows


def _reservation(offer: ReservationRecommendation) -> Row:
    region = region_name(offer.region_id) if offer.region_id else None
    terms = (offer.benefit_scope, offer.term, offer.look_back_days, offer.recommended_quantity)
    return ("Reservation", offer.sku_name, offer.resource_type, region, *terms)


def _savings_plan(offer: SavingsPlanRecommendation) -> Row:
    terms = (offer.benefit_scope, offer.term, offer.look_back_days, offer.hourly_commitment)
    return ("Savings plan", offer.sku_name, None, None, *terms)


def _amounts(option: Option[OfferT]) -> Row:
    offer = option.row
    return (offer.cost_without_benefit, offer.cost_with_benefit, offer.net_savings, option.monthly, offer.currency)
