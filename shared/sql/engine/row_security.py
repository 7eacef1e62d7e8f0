"""SQL Server's own guard beside every WHERE: a connection sees and writes rows of its session's customer only.

The policy reads what shared/sql/engine/session_context.py sets. It does not stop a login that
may set the session context; it protects where a WHERE condition is missing.
https://learn.microsoft.com/sql/relational-databases/security/row-level-security
"""

from collections.abc import Iterable, Iterator

PREDICATE = "dbo.is_own_row"
POLICY = "dbo.own_rows"
"""Made by the first version of the schema. System work (the sweeper, the purge's list, dead letters, migrations) has
a key of its own, set for nothing else."""

BLOCKED = ("AFTER INSERT", "AFTER UPDATE", "BEFORE UPDATE", "BEFORE DELETE")


def extend_policy(tables: Iterable[str]) -> str:
    """More tables under the policy."""
    return f"ALTER SECURITY POLICY {POLICY}\n{_added(tables)}"


def _added(tables: Iterable[str]) -> str:
    return ",\n".join(line for table in tables for line in _predicates(table))


def _predicates(table: str) -> Iterator[str]:
    """Reading is filtered; a filter alone would let rows in and over to another customer."""
    yield f"ADD FILTER PREDICATE {PREDICATE}(tenant_id) ON dbo.{table}"
    for moment in BLOCKED:
        yield f"ADD BLOCK PREDICATE {PREDICATE}(tenant_id) ON dbo.{table} {moment}"
