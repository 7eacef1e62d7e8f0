"""What each identity may do to each table: the one list that GRANTs, DENYs, tests and docs/database-rights.md follow.

A table that is not listed is closed to every identity: rights are given by table, never by schema.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from shared.sql.migrations import VERSION_TABLE
from shared.sql.schema.tables import STEP_TABLES


class Right(StrEnum):
    """What may be done to a table's rows."""

    SELECT = "SELECT"
    INSERT = "INSERT"
    UPDATE = "UPDATE"
    DELETE = "DELETE"


Rights = tuple[Right, ...]

APP_ROLE = "caleta_app"
PURGE_ROLE = "caleta_purge"
MIGRATION_ROLE = "caleta_migration"

NONE: Rights = ()
APPEND: Rights = (Right.SELECT, Right.INSERT)
WRITE_ONCE: Rights = (*APPEND, Right.DELETE)
FULL: Rights = (Right.SELECT, Right.INSERT, Right.UPDATE, Right.DELETE)

APP_RIGHTS: Mapping[str, Rights] = {
    **{table.name: WRITE_ONCE for table in STEP_TABLES},
    "raw_pages": WRITE_ONCE,
    "job_pages": WRITE_ONCE,
    "subscriptions": WRITE_ONCE,
    "cost_totals": WRITE_ONCE,
    "charge_totals": WRITE_ONCE,
    "adhoc_results": WRITE_ONCE,
    "metric_series": WRITE_ONCE,
    "finding_versions": WRITE_ONCE,
    "finding_proposals": WRITE_ONCE,
    "finding_resources": WRITE_ONCE,
    "finding_savings": WRITE_ONCE,
    "finding_states": FULL,
    "finding_ledger": FULL,
    "findings": FULL,
    "reviews": FULL,
    "operator_jobs": FULL,
    "outbox": FULL,
    "connections": FULL,
    "scans": FULL,
    "steps": FULL,
    "dead_letters": FULL,
    "purges": FULL,
    "deletion_ledger": APPEND,
    "purge_runs": APPEND,
    "purge_run_results": APPEND,
    "audit_events": APPEND,
    "audit_cutoffs": NONE,
    VERSION_TABLE: NONE,
}
"""The app's rights by table. What Azure said and what a finding once said is never changed, only deleted with the
rest; what is on record is neither changed nor deleted."""

PROCEDURE = "delete_audit_events"
"""What the purge's identity may execute; it has no right to any table."""

DEPLOYMENT_RIGHTS = (
    "CONTROL ON SCHEMA::dbo",
    "CREATE TABLE, CREATE VIEW, CREATE FUNCTION, CREATE PROCEDURE",
    "ALTER ANY SECURITY POLICY",
)
"""What the deploying group holds while it deploys. CONTROL includes reading every row and taking DENYs back."""

FORMERLY = ("REVOKE SELECT, INSERT, UPDATE, DELETE ON SCHEMA::dbo FROM caleta_app;",)
"""What databases of the first release still have."""


def grants() -> list[str]:
    """Return the statements that set every right of the app and the purge; running them again changes nothing."""
    return [*FORMERLY, *(_of_table(table, rights) for table, rights in APP_RIGHTS.items()), *_of_procedure()]


def deployment_grants() -> list[str]:
    """Return the statements that begin a deployment."""
    return [f"GRANT {right} TO {MIGRATION_ROLE};" for right in DEPLOYMENT_RIGHTS]


def deployment_revokes() -> list[str]:
    """Return the statements that end one, also one that failed before there was a role."""
    is_there = f"IF DATABASE_PRINCIPAL_ID(N'{MIGRATION_ROLE}') IS NOT NULL"
    return [f"{is_there} REVOKE {right} FROM {MIGRATION_ROLE};" for right in DEPLOYMENT_RIGHTS]


def denied(rights: Rights) -> Rights:
    """Return what is not among the rights."""
    return tuple(right for right in Right if right not in rights)


def _of_table(table: str, rights: Rights) -> str:
    on = f"ON OBJECT::dbo.{table} TO {APP_ROLE};"
    words = (("GRANT", rights), ("DENY", denied(rights)))
    return "\n".join(f"{word} {', '.join(some)} {on}" for word, some in words if some)


def _of_procedure() -> Sequence[str]:
    procedure = f"EXECUTE ON OBJECT::dbo.{PROCEDURE}"
    return (f"REVOKE {procedure} FROM public;", f"GRANT {procedure} TO {PURGE_ROLE};")
