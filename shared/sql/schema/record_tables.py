"""What is on record about the customers' data: what was done with it, what was deleted. It outlives the data."""

from sqlalchemy import Column, Date, Index, Integer, String, Table, Unicode, UnicodeText, UniqueConstraint

from shared.sql.engine.append_only import CUTOFF_AGE, CUTOFF_NO_UPDATE, NO_DELETE, NO_UPDATE, sqlite_guards
from shared.sql.engine.types import UtcDateTime
from shared.sql.schema.metadata import IDENTIFIER, IdentityKey, metadata

purges = Table(
    "purges",
    metadata,
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
"""The ledger of deletions: what, how much and when. Not the customer's data, so it outlives the deletion."""

purge_runs = Table(
    "purge_runs",
    metadata,
    Column("run_id", IdentityKey, primary_key=True, autoincrement=True),
    Column("as_of", Date, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("customers", Integer, nullable=False),
    Column("rows_deleted", Integer, nullable=False),
)
"""The nightly purge runs: `finished_at` NULL is a run that is in progress or failed."""

audit_events = Table(
    "audit_events",
    metadata,
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
    listeners=[("after_create", guard) for guard in sqlite_guards(NO_UPDATE, NO_DELETE)],
)
"""Append-only: on SQL Server by permission, on SQLite by triggers; audit_cutoffs opens the one way out."""

audit_cutoffs = Table(
    "audit_cutoffs",
    metadata,
    Column("cutoff", UtcDateTime, primary_key=True),
    listeners=[("after_create", guard) for guard in sqlite_guards(CUTOFF_AGE, CUTOFF_NO_UPDATE)],
)
"""Holds a row only inside of the transaction that deletes the entries before it."""
