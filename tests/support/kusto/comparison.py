"""What the binder says is read, held against what the allow-list lists."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from shared.arm.kql.checks import SECRET_NAME
from shared.arm.kql.expressions import Combination, Comparison, FunctionCall, Node, Path, ValueList
from shared.arm.kql.query import rejection_reason
from shared.arm.kql.readable import BAGS, TABLES, properties_of
from tests.support.kusto.binder import Binder


@dataclass
class Differences:
    """`refused` by us, `accepted` by both; the lists hold queries with a difference, and what it is."""

    refused: Counter[str] = field(default_factory=Counter)
    accepted: int = 0
    refused_by_microsoft: list[tuple[str, str]] = field(default_factory=list)
    reads_unlisted: list[tuple[str, str]] = field(default_factory=list)

    @property
    def differences(self) -> list[tuple[str, str]]:
        return [*self.refused_by_microsoft, *self.reads_unlisted]


def compared(binder: Binder, queries: Iterable[str]) -> Differences:
    """Hold each query that the allow-list accepts against the binder."""
    found = Differences()
    for query in queries:
        reason = rejection_reason(query)
        if reason is not None:
            found.refused[reason[:40]] += 1
            continue
        bound = binder.bind(query)
        found.accepted += 1
        found.refused_by_microsoft += [(query, error) for error in bound.errors[:1]]
        found.reads_unlisted += [(query, read) for read in sorted(unlisted(query, bound.reads))]
    return found


def unlisted(query: str, reads: Iterable[str]) -> set[str]:
    """Return the reads, as `table.column.member`, that the allow-list does not list for the types the query names."""
    return {read for read in reads if not _is_listed(query.lower(), *read.split(".", 1))}


def _is_listed(query: str, table: str, path: str) -> bool:
    if table not in TABLES:
        return False
    column, *members = path.split(".")
    if column in TABLES[table].columns and not members:
        return True
    if column in TABLES[table].columns and column in BAGS and len(members) == 1:
        allowed = BAGS[column]
        return (allowed is None or members[0] in allowed) and not SECRET_NAME.search(members[0])
    kinds = (kind for kind in TABLES[table].properties if f"'{kind}'" in query)
    return path == TABLES[table].kind_of_row.written or any(path in listed_paths(table, kind) for kind in kinds)


@cache
def listed_paths(table: str, kind: str) -> frozenset[str]:
    """Return the paths in the listed properties of one kind of row."""
    listed = (path for node in properties_of(table, kind) for path in _paths(node))
    return frozenset(".".join((path.column, *map(str, path.members))) for path in listed)


def _paths(node: Node) -> Iterator[Path]:
    match node:
        case Path():
            yield node
        case FunctionCall(arguments=parts) | ValueList(nodes=parts) | Combination(parts=parts):
            for part in parts:
                yield from _paths(part)
        case Comparison(left=left, right=right):
            yield from _paths(left)
            yield from _paths(right)
