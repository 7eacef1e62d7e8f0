"""What a Resource Graph query may read: three tables, their listed columns, and listed properties by type.

The permissions page is rendered from the same tables.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from shared.arm.kql.expressions import Combination, Comparison, FunctionCall, Node, Path, Text, ValueList, expression
from shared.arm.kql.tokens import TokenReader
from shared.core.inventory_properties import PROPERTIES

BAGS: Mapping[str, frozenset[str] | None] = {
    "tags": None,
    "sku": frozenset({"name", "tier", "size", "family", "capacity", "model"}),
}
"""Columns that are property bags, and their members that may be read; None: any but a secret's."""


TYPE = Path("type")
CATEGORY = Path("properties", ("category",))


@dataclass(frozen=True)
class ReadableTable:
    """A table, the columns that are read of every row, and the properties that are read of some rows.

    `kind_of_row` is the path whose value decides which properties: `properties` lists them by that
    value, as expressions by our names. Of a `restricted` table no other rows are read.
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
    """The listed properties of one kind of row, as trees; a query may read each as a whole only."""
    listed = TABLES[table].properties.get(kind, {})
    return frozenset(expression(TokenReader(written)) for written in listed.values())


def kinds_named_by(condition: Node, table: ReadableTable) -> frozenset[str] | None:
    """The kinds of rows, lower-case, that the condition limits the rows to; None if it does not limit them."""
    match condition:
        case Comparison("==" | "=~", left, Text(kind)) if _is_kind(left, table):
            return frozenset({kind.lower()})
        case Comparison("in" | "in~", left, ValueList(nodes)) if _is_kind(left, table):
            kinds = frozenset(node.text.lower() for node in nodes if isinstance(node, Text))
            return kinds if all(isinstance(node, Text) for node in nodes) else None
        case Combination("or", parts):
            named = _named_by_each(parts, table)
            return frozenset().union(*named) if len(named) == len(parts) else None
        case Combination("and", parts):
            return min(_named_by_each(parts, table), key=len, default=None)
    return None


def _named_by_each(parts: tuple[Node, ...], table: ReadableTable) -> list[frozenset[str]]:
    return [kinds for part in parts if (kinds := kinds_named_by(part, table))]


def _is_kind(node: Node, table: ReadableTable) -> bool:
    return node in (table.kind_of_row, FunctionCall("tolower", (table.kind_of_row,)))
