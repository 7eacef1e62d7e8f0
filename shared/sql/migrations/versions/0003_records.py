"""The activity log, append-only; the ledger of deletions in place of the list of purges; the nights."""

from typing import Any

from alembic import op
from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Index,
    Integer,
    String,
    Unicode,
    UnicodeText,
    UniqueConstraint,
)

from shared.sql.append_only import DENY, GRANT, NO_DELETE, NO_UPDATE, PROCEDURE
from shared.sql.migrations import is_left_out
from shared.sql.types import UtcDateTime

revision = "0003"
down_revision = "0002"

IdentityKey = BigInteger().with_variant(Integer, "sqlite")
IDENTIFIER = String(36)

OLD = "tenant_id, reason, rows_deleted, purged_at"
NEW = "receipt_id, scope, scan_ids_json, requested_at, state, counts_json"


def upgrade() -> None:
    """Creates the tables, and guards the log."""
    _replace_purges()
    _create_runs()
    _create_audit()
    _guard_audit()


def downgrade() -> None:
    """Drops what is new; the ledger keeps what the list had."""
    if op.get_context().dialect.name == "mssql":
        op.execute("DROP PROCEDURE delete_audit_events")
    for name in ("audit_events", "audit_cutoffs", "purge_runs"):
        op.drop_table(name)
    _keep_purges()
    op.create_table("purges", Column("purge_id", IdentityKey, primary_key=True, autoincrement=True), *_old_columns())
    op.execute(f"INSERT INTO purges ({OLD}) SELECT {OLD} FROM purges_kept")  # noqa: S608  constants
    op.drop_table("purges_kept")


def _replace_purges() -> None:
    """A new table with the old one's rows: SQLite cannot add columns that must have a value."""
    _keep_purges()
    op.create_table(
        "purges",
        Column("purge_id", IdentityKey, primary_key=True, autoincrement=True),
        Column("receipt_id", IDENTIFIER, nullable=False),
        Column("tenant_id", IDENTIFIER, nullable=False),
        Column("scope", String(20), nullable=False),
        Column("user_object_id", IDENTIFIER),
        Column("scan_ids_json", UnicodeText, nullable=False),
        Column("reason", String(40), nullable=False),
        Column("requested_at", UtcDateTime, nullable=False),
        Column("state", String(20), nullable=False),
        Column("counts_json", UnicodeText, nullable=False),
        Column("rows_deleted", Integer, nullable=False),
        Column("purged_at", UtcDateTime, nullable=False),
        UniqueConstraint("receipt_id"),
    )
    receipt = "'before receipts ' + CAST(purge_id AS varchar(20))"
    if op.get_context().dialect.name == "sqlite":
        receipt = "'before receipts ' || purge_id"
    values = f"{receipt}, 'customer', '[]', purged_at, 'done', '{{}}'"
    op.execute(f"INSERT INTO purges ({OLD}, {NEW}) SELECT {OLD}, {values} FROM purges_kept")  # noqa: S608  constants
    op.drop_table("purges_kept")


def _keep_purges() -> None:
    op.create_table("purges_kept", Column("purge_id", Integer, primary_key=True, autoincrement=False), *_old_columns())
    op.execute(f"INSERT INTO purges_kept (purge_id, {OLD}) SELECT purge_id, {OLD} FROM purges")  # noqa: S608  constants
    op.drop_table("purges")


def _old_columns() -> tuple[Column[Any], ...]:
    return (
        Column("tenant_id", IDENTIFIER, nullable=False),
        Column("reason", String(40), nullable=False),
        Column("rows_deleted", Integer, nullable=False),
        Column("purged_at", UtcDateTime, nullable=False),
    )


def _create_runs() -> None:
    op.create_table(
        "purge_runs",
        Column("run_id", IdentityKey, primary_key=True, autoincrement=True),
        Column("as_of", Date, nullable=False),
        Column("started_at", UtcDateTime, nullable=False),
        Column("finished_at", UtcDateTime),
        Column("customers", Integer, nullable=False),
        Column("rows_deleted", Integer, nullable=False),
    )


def _create_audit() -> None:
    op.create_table(
        "audit_cutoffs",
        Column("cutoff", UtcDateTime, primary_key=True),
    )
    op.create_table(
        "audit_events",
        Column("event_id", IdentityKey, primary_key=True, autoincrement=True),
        Column("occurred_at", UtcDateTime, nullable=False),
        Column("tenant_id", IDENTIFIER),
        Column("user_object_id", IDENTIFIER),
        Column("actor_kind", String(20), nullable=False),
        Column("actor_id", IDENTIFIER),
        Column("actor_name", Unicode(320)),
        Column("action", String(40), nullable=False),
        Column("subject_kind", String(20)),
        Column("subject_id", Unicode(120)),
        Column("reason", Unicode(400)),
        Column("outcome", String(20), nullable=False),
        Column("details_json", UnicodeText),
        Index("ix_audit_events_tenant_id_event_id", "tenant_id", "event_id"),
        sqlite_autoincrement=True,
    )


def _guard_audit() -> None:
    if op.get_context().dialect.name == "sqlite":
        op.execute(NO_UPDATE.strip())
        op.execute(NO_DELETE.strip())
        return
    op.execute(PROCEDURE.strip())
    if not is_left_out("deny"):
        op.execute(DENY)
        op.execute(GRANT)
