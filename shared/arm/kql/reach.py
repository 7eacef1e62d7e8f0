"""What a query to Resource Graph may read: three tables, named columns, and listed properties, type by type.

The permissions page is rendered from the same tables.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from shared.arm.kql.expressions import Call, Compared, Joined, Node, Path, Several, Text, expression
from shared.arm.kql.words import Words
from shared.core.inventory_properties import PROPERTIES

BAGS: Mapping[str, frozenset[str] | None] = {
    "tags": None,
    "sku": frozenset({"name", "tier", "size", "family", "capacity", "model"}),
}
"""Columns that hold names and values, and the members that may be taken; None: any but a secret's."""


TYPE = Path("type")
CATEGORY = Path("properties", ("category",))


@dataclass(frozen=True)
class ReadableTable:
    """A table, the columns that are read of each of its rows, and the properties that are read of some.

    `kind_of_row` is the path whose value says which properties those are: `properties` has them
    by that value, as expressions under names of ours. Of a `restricted` table no other rows are read.
    """

    name: str
    columns: tuple[str, ...]
    kind_of_row: Path = TYPE
    properties: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    restricted: bool = False


COST_ADVICE: Mapping[str, str] = {
    name.rpartition(".")[2]: f"properties.{name}"
    for name in (
        *("category", "impact", "impactedField", "impactedValue", "lastUpdated", "recommendationTypeId"),
        *("shortDescription.problem", "shortDescription.solution", "resourceMetadata.resourceId"),
        *(
            f"extendedProperties.{name}"
            for name in (
                *("savingsAmount", "annualSavingsAmount", "savingsCurrency", "recommendationType", "regionId"),
                *("currentSku", "targetSku", "vmSize", "reservedResourceType", "qty", "term", "lookbackPeriod"),
                *("scope", "MaxCpuP95", "MaxMemoryP95"),
            )
        ),
    )
}

READABLE = (
    ReadableTable(
        "resources",
        ("id", "name", "type", "kind", "location", "resourceGroup", "subscriptionId", "sku", "tags"),
        properties=PROPERTIES,
    ),
    ReadableTable("resourcecontainers", ("id", "name", "type", "location", "resourceGroup", "subscriptionId", "tags")),
    ReadableTable(
        "advisorresources",
        ("id", "name", "type", "location", "resourceGroup", "subscriptionId"),
        CATEGORY,
        {"cost": COST_ADVICE},
        restricted=True,
    ),
)

TABLES: Mapping[str, ReadableTable] = {table.name: table for table in READABLE}


@cache
def properties_of(table: str, kind: str) -> frozenset[Node]:
    """The listed properties of one kind of row, as trees: a query may hold each as a whole, nothing else of it."""
    listed = TABLES[table].properties.get(kind, {})
    return frozenset(expression(Words(written)) for written in listed.values())


def kinds_named_by(condition: Node, table: ReadableTable) -> frozenset[str] | None:
    """The kinds of rows, lower-case, that alone can meet the condition; None if it does not limit them."""
    match condition:
        case Compared("==" | "=~", left, Text(kind)) if _is_kind(left, table):
            return frozenset({kind.lower()})
        case Compared("in" | "in~", left, Several(nodes)) if _is_kind(left, table):
            kinds = frozenset(node.text.lower() for node in nodes if isinstance(node, Text))
            return kinds if all(isinstance(node, Text) for node in nodes) else None
        case Joined("or", parts):
            named = _named_by_each(parts, table)
            return frozenset().union(*named) if len(named) == len(parts) else None
        case Joined("and", parts):
            return min(_named_by_each(parts, table), key=len, default=None)
    return None


def _named_by_each(parts: tuple[Node, ...], table: ReadableTable) -> list[frozenset[str]]:
    return [kinds for part in parts if (kinds := kinds_named_by(part, table))]


def _is_kind(node: Node, table: ReadableTable) -> bool:
    return node in (table.kind_of_row, Call("tolower", (table.kind_of_row,)))
