"""Reads an inventory from Resource Graph's own output, as `az graph query` and the REST API print it."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from findings.files.errors import UnusableFile
from findings.resource import Resource
from shared.arm.kql.expressions import Combination, Comparison, FunctionCall, Node, Text, expression
from shared.arm.kql.expressions import Path as Member
from shared.arm.kql.tokens import TokenReader
from shared.core.inventory_properties import PROPERTIES

WANTED = ("id", "name", "type")
QUERY = "resources | project id, name, type, kind, location, managedBy, sku, tags, properties"
HOW = f'Make it with: az graph query -q "{QUERY}" --first 1000 -o json'


def read_inventory(file: Path) -> tuple[Resource, ...]:
    """Return the resources of the file. Raises UnusableFile with one sentence."""
    records = _records(file, _parsed(file))
    return tuple(_resource(file, number, record) for number, record in enumerate(records, 1))


def _parsed(file: Path) -> Any:  # noqa: ANN401 - JSON
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UnusableFile(file, f"it cannot be opened ({error.strerror}).") from error
    except ValueError as error:
        raise UnusableFile(file, f"it is not JSON. {HOW}") from error


def _records(file: Path, content: Any) -> list[Any]:  # noqa: ANN401 - JSON
    """Return the rows of a plain list, of {"data": [...]}, or of a table of columns and rows."""
    data = content.get("data", content.get("value")) if isinstance(content, dict) else content
    if isinstance(data, dict) and isinstance(data.get("rows"), list):
        names = [column.get("name") for column in data.get("columns", ()) if isinstance(column, dict)]
        data = [dict(zip(names, row, strict=False)) for row in data["rows"] if isinstance(row, list)]
    if not isinstance(data, list):
        raise UnusableFile(file, f"it holds no list of resources. {HOW}")
    return data


def _resource(file: Path, number: int, record: Any) -> Resource:  # noqa: ANN401 - JSON
    if not isinstance(record, dict) or not all(isinstance(record.get(name), str) for name in WANTED):
        raise UnusableFile(file, f"resource {number:,} has no id, name or type. {HOW}")
    resource_id, kind = record["id"].lower(), record["type"].lower()
    parts = resource_id.split("/")
    return Resource(
        resource_id=resource_id,
        name=record["name"],
        type=kind,
        subscription_id=parts[2] if len(parts) > 2 and parts[1] == "subscriptions" else "",
        group=parts[4] if len(parts) > 4 and parts[3] == "resourcegroups" else None,
        region=record["location"] if isinstance(record.get("location"), str) else None,
        kind=str(record.get("kind") or "").lower(),
        sku=_bag(record.get("sku")),
        tags=_bag(record.get("tags")),
        properties=selected(kind, record),
    )


def _bag(value: Any) -> Mapping[str, Any]:  # noqa: ANN401 - JSON
    return value if isinstance(value, dict) else {}


def selected(kind: str, record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the listed properties of the type that have a value, under their stored names."""
    found = {name: evaluate(node, record) for name, node in _nodes(kind)}
    return {name: value for name, value in found.items() if value not in (None, "")}


@cache
def _nodes(kind: str) -> tuple[tuple[str, Node], ...]:
    return tuple((name, expression(TokenReader(written))) for name, written in PROPERTIES.get(kind, {}).items())


def evaluate(node: Node, record: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
    """Return what Resource Graph would answer for one of the listed expressions; None for no value."""
    match node:
        case Member(column, members):
            return _member(record.get(column), members)
        case FunctionCall("array_length", (inner,)):
            value = evaluate(inner, record)
            return len(value) if isinstance(value, list) else None
        case FunctionCall("isnotempty", (inner,)):
            return evaluate(inner, record) not in (None, "", [], {})
        case FunctionCall("tostring", (inner,)):
            value = evaluate(inner, record)
            return "" if value is None else json.dumps(value, separators=(",", ":"))
        case Comparison("contains", left, Text(part)):
            return part.lower() in str(evaluate(left, record)).lower()
        case Combination("or", parts):
            return any(evaluate(part, record) for part in parts)
    raise ValueError(f"an expression of the list cannot be read from files: {node}")


def _member(value: Any, members: tuple[str | int, ...]) -> Any:  # noqa: ANN401 - JSON
    """Follow the members; like Resource Graph, a member of something else is no value."""
    for member in members:
        if isinstance(member, int):
            value = value[member] if isinstance(value, list) and -len(value) <= member < len(value) else None
        else:
            value = value.get(member) if isinstance(value, dict) else None
    return value
