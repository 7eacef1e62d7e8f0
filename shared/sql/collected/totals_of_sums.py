"""The totals by every dimension that pages show without a filter, made of a scan's sums."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from shared.core.money import sum_exactly
from shared.sql.collected.cost_sums import CostSums, Owner, Sum

TOP_VALUES = 100
"""How many resource groups, and how many values of a tag, have totals of their own in each currency."""

TOP_TAGS = 20
"""How many tags have totals: those that are on the most line items."""

Total = dict[str, Any]
Key = tuple[str | None, str, date]
Values = Mapping[Key, Sum]

CHARGE_DIMENSIONS = {
    "service": "service_name",
    "charge_type": "charge_type",
    "charge_category": "charge_category",
    "pricing_category": "pricing_category",
    "publisher": "publisher",
}
"""Dimension by the field of a charge; each has few values."""

OWNER_DIMENSIONS: Mapping[str, Callable[[Owner], str | None]] = {
    "subscription": lambda owner: owner.sub_account_id,
    "resource_group": lambda owner: f"{owner.sub_account_id}/{owner.resource_group}" if owner.resource_group else None,
    "region": lambda owner: owner.region_id,
}


def totals_of(sums: CostSums) -> Iterator[Total]:
    """Yield the rows of cost_totals, all columns but their scan's."""
    for dimension, name in CHARGE_DIMENSIONS.items():
        by_value = ((getattr(charge, name), charge.billing_currency, month) for charge, month in sums.charges)
        yield from _totals(dimension, _added(zip(by_value, sums.charges.values(), strict=True)))
    for dimension, value_of in OWNER_DIMENSIONS.items():
        by_value = ((value_of(owner), currency, month) for owner, currency, month in sums.owners)
        values = _added(zip(by_value, sums.owners.values(), strict=True))
        yield from _capped(dimension, values) if dimension == "resource_group" else _totals(dimension, values)
    yield from _refunds(sums)
    yield from _totals("resource", sums.resources)
    yield from _tags(sums)


def _added(found: Iterable[tuple[Key, Sum]]) -> Values:
    listed: defaultdict[Key, list[Sum]] = defaultdict(list)
    for key, total in found:
        listed[key].append(total)
    return {key: _together(own) for key, own in listed.items()}


def _together(sums: Iterable[Sum]) -> Sum:
    own = list(sums)
    return Sum(sum_exactly(each.billed_cost for each in own), sum(each.line_items for each in own))


def _totals(dimension: str, values: Values, **more: object) -> Iterator[Total]:
    for (value, currency, month), total in values.items():
        yield {
            "dimension": dimension,
            "value": value,
            "billing_currency": currency,
            "charge_period_start": month,
            "billed_cost": total.billed_cost,
            "line_items": total.line_items,
            "tag_name": None,
            "value_count": 1,
            **more,
        }


def _capped(dimension: str, values: Values, **more: object) -> Iterator[Total]:
    """Yield the totals of the TOP_VALUES largest values of each currency and of None, and of the others together."""
    largest = _largest(values)
    kept = {key: total for key, total in values.items() if key[0] is None or key[:2] in largest}
    yield from _totals(dimension, kept, **more)
    rest = {key: total for key, total in values.items() if key not in kept}
    counts = Counter(currency for _, currency in {key[:2] for key in rest})
    for currency, count in counts.items():
        others = (((None, currency, key[2]), total) for key, total in rest.items() if key[1] == currency)
        yield from _totals(dimension, _added(others), value_count=count, **more)


def _largest(values: Values) -> set[tuple[str | None, str]]:
    amounts: defaultdict[tuple[str | None, str], list[Decimal]] = defaultdict(list)
    for (value, currency, _), total in values.items():
        if value is not None:
            amounts[value, currency].append(total.billed_cost)
    ranked = sorted(amounts, key=lambda key: (-sum_exactly(amounts[key]), key))
    by_currency: defaultdict[str, list[tuple[str | None, str]]] = defaultdict(list)
    for key in ranked:
        by_currency[key[1]].append(key)
    # One more would stand alone among “all others”.
    return {
        key for keys in by_currency.values() for key in (keys if len(keys) == TOP_VALUES + 1 else keys[:TOP_VALUES])
    }


def _refunds(sums: CostSums) -> Iterator[Total]:
    found = (((None, charge.billing_currency, month), total) for (charge, month), total in sums.refunds.items())
    yield from _totals("refund", _added(found))


def _tags(sums: CostSums) -> Iterator[Total]:
    """Of each tag the costs by value; None is what does not carry it, so that a tag adds up to the whole."""
    tags = {text: _parsed(text) for text in {owner.tags_json for owner, _, _ in sums.owners}}
    frequency: Counter[str] = Counter()
    for (owner, _, _), total in sums.owners.items():
        frequency.update(dict.fromkeys(tags[owner.tags_json], total.line_items))
    for name in sorted(frequency, key=lambda name: (-frequency[name], name))[:TOP_TAGS]:
        by_value = ((tags[owner.tags_json].get(name), currency, month) for owner, currency, month in sums.owners)
        yield from _capped("tag", _added(zip(by_value, sums.owners.values(), strict=True)), tag_name=name)


def _parsed(tags_json: str | None) -> dict[str, str]:
    found = json.loads(tags_json) if tags_json else None
    return found if isinstance(found, dict) else {}
