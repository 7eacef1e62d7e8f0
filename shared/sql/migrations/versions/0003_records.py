"""The ledger of deletions, the nights, and the activity log, append-only."""

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

from shared.sql.engine.append_only import DENY, NO_DELETE, NO_UPDATE, PROCEDURE
from shared.sql.engine.types import UtcDateTime
from shared.sql.migrations import is_left_out

revision = "0003"
down_revision = "0002"

IdentityKey = BigInteger().with_variant(Integer, "sqlite")
IDENTIFIER = String(36)


def upgrade() -> None:
    """Creates the tables, and guards the log."""
    _create_ledger()
    _create_runs()
    _create_audit()
    _guard_audit()


def _create_ledger() -> None:
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
