"""What is on record about the customers' data: what was done with it, what was deleted. It outlives the data."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    String,
    Table,
    Unicode,
    UnicodeText,
    UniqueConstraint,
)

from shared.sql.engine.append_only import (
    CUTOFF_AGE,
    CUTOFF_NO_UPDATE,
    NO_DELETE,
    NO_UPDATE,
    after_create,
    never_changed,
)
from shared.sql.engine.types import UtcDateTime
from shared.sql.schema.metadata import IDENTIFIER, IdentityKey, metadata, searched_names

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
"""The deletions in progress, with the identifiers that the work needs: deleted with the last row."""

deletion_ledger = Table(
    "deletion_ledger",
    metadata,
    Column("entry_id", IdentityKey, primary_key=True, autoincrement=True),
    Column("receipt_id", IDENTIFIER, nullable=False),
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
    Index("ix_deletion_ledger_tenant_pseudonym", "tenant_pseudonym"),
    Index("ix_deletion_ledger_requested_at", "requested_at"),
    listeners=never_changed("deletion_ledger"),
)
"""What was deleted, how much and when: two entries a deletion, by pseudonyms; kept for ever."""

purge_runs = Table(
    "purge_runs",
    metadata,
    Column("run_id", IdentityKey, primary_key=True, autoincrement=True),
    Column("as_of", Date, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("customers", Integer, nullable=False),
    Column("rows_deleted", Integer, nullable=False),
    listeners=never_changed("purge_runs"),
)
"""The beginnings of the nightly purge runs. The last three columns are the first release's: never written any more."""

purge_run_results = Table(
    "purge_run_results",
    metadata,
    Column("run_id", BigInteger, primary_key=True, autoincrement=False),
    Column("finished_at", UtcDateTime, nullable=False),
    Column("customers", Integer, nullable=False),
    Column("rows_deleted", Integer, nullable=False),
    listeners=never_changed("purge_run_results"),
)
"""The ends of the runs; a run without a row here is in progress, or failed."""

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
    *searched_names("actor_name"),
    Index("ix_audit_events_actor_name_lower", "actor_kind", "actor_name_lower", "tenant_id"),
    Index("ix_audit_events_actor_name_domain", "actor_kind", "actor_name_domain", "tenant_id"),
    Index("ix_audit_events_tenant_id_event_id", "tenant_id", "event_id"),
    Index("ix_audit_events_occurred_at", "occurred_at", "tenant_id"),  # The night looks for what is old.
    sqlite_autoincrement=True,
    listeners=after_create(NO_UPDATE, NO_DELETE),
)
"""Append-only: on SQL Server by permission, on SQLite by triggers; audit_cutoffs opens the one way out."""

audit_cutoffs = Table(
    "audit_cutoffs",
    metadata,
    Column("cutoff", UtcDateTime, primary_key=True),
    listeners=after_create(CUTOFF_AGE, CUTOFF_NO_UPDATE),
)
"""Holds a row only inside of the transaction that deletes the entries before it."""
