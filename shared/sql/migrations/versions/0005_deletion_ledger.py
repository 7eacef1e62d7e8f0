"""Ledgers that are only added to: deletions by pseudonyms, and the results of the nightly runs.

`purges` stays, for the deletions in progress. What it holds of finished ones is moved by the next nightly run: the
key of the pseudonyms is the app's.
"""

from alembic import op
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Integer,
    String,
    UnicodeText,
    UniqueConstraint,
)
from sqlalchemy.dialects.mssql import DATETIME2

from shared.sql.migrations import is_left_out

revision = "0005"
down_revision = "0004"

IdentityKey = BigInteger().with_variant(Integer, "sqlite")
UtcDateTime = DateTime().with_variant(DATETIME2(6), "mssql")  # type: ignore[no-untyped-call]

APPEND_ONLY = ("deletion_ledger", "purge_runs", "purge_run_results")


def upgrade() -> None:
    """Create the ledgers, keep the results that there are, and guard all three tables."""
    _create_deletion_ledger()
    _create_results()
    op.execute(
        "INSERT INTO purge_run_results (run_id, finished_at, customers, rows_deleted) "
        "SELECT run_id, finished_at, customers, rows_deleted FROM purge_runs WHERE finished_at IS NOT NULL"
    )
    for table in APPEND_ONLY:
        _guard(table)


def _create_deletion_ledger() -> None:
    op.create_table(
        "deletion_ledger",
        Column("entry_id", IdentityKey, primary_key=True, autoincrement=True),
        Column("receipt_id", String(36), nullable=False),
        Column("event", String(20), nullable=False),
        Column("tenant_pseudonym", String(64), nullable=False),
        Column("user_pseudonym", String(64)),
        Column("scope", String(20), nullable=False),
        Column("scan_count", Integer, nullable=False),
        Column("reason", String(40), nullable=False),
        Column("requested_at", UtcDateTime, nullable=False),
        Column("recorded_at", UtcDateTime, nullable=False),
        Column("counts_json", UnicodeText, nullable=False),
        Column("rows_deleted", Integer, nullable=False),
        UniqueConstraint("receipt_id", "event"),
        CheckConstraint("event IN ('requested', 'finished')", name="event"),
    )
    for column in ("tenant_pseudonym", "requested_at"):
        op.create_index(f"ix_deletion_ledger_{column}", "deletion_ledger", [column])


def _create_results() -> None:
    op.create_table(
        "purge_run_results",
        Column("run_id", BigInteger, primary_key=True, autoincrement=False),
        Column("finished_at", UtcDateTime, nullable=False),
        Column("customers", Integer, nullable=False),
        Column("rows_deleted", Integer, nullable=False),
    )


def _guard(table: str) -> None:
    """Refuse changes: to every principal but the owner, or by triggers."""
    if op.get_context().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    elif not is_left_out("deny"):
        op.execute(f"DENY UPDATE, DELETE ON OBJECT::dbo.{table} TO public")
