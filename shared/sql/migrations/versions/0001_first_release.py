"""The schema of the first release: every table, key and index, and what guards them.

Once released, this file is never edited and never squashed with later ones: see shared/sql/migrations/__init__.py.
Types and guards are written out here, so that a later change of the app's does not reach back.
"""

from collections.abc import Iterator
from typing import Any

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    String,
    Unicode,
    UnicodeText,
    UniqueConstraint,
    false,
)
from sqlalchemy.dialects.mssql import DATETIME2

from shared.sql.migrations import is_left_out

revision = "0001"
down_revision = None

IdentityKey = BigInteger().with_variant(Integer, "sqlite")
Money = Numeric(38, 24).with_variant(String(64), "sqlite")
UtcDateTime = DateTime().with_variant(DATETIME2(6), "mssql")  # type: ignore[no-untyped-call]
IDENTIFIER = String(36)
RESOURCE_ID = Unicode(1024)
FINDING_KEY = Unicode(120)

PROTECTED = (
    "costs",
    "inventory",
    "advisor",
    "reservations",
    "savings_plans",
    "cost_totals",
    "raw_pages",
    "steps",
    "scans",
    "connections",
    "reviews",
    "operator_jobs",
    "job_pages",
    "adhoc_results",
    "metric_series",
    "subscriptions",
    "findings",
    "finding_resources",
    "finding_savings",
    "finding_versions",
    "finding_proposals",
    "finding_states",
    "outbox",
    "dead_letters",
    "purges",
    "audit_events",
)
"""The tables with customers' rows. A later one is protected by migrations.protect_rows."""

COMPRESSED = ("costs", "inventory", "advisor", "cost_totals")
"""Thousands of rows with the same subscription, service, region and month. Raw pages are gzip already."""

NO_UPDATE = """
CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
"""

NO_DELETE = """
CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events
WHEN NOT EXISTS (SELECT 1 FROM audit_cutoffs WHERE OLD.occurred_at < cutoff)
  OR EXISTS (SELECT 1 FROM scans WHERE scans.tenant_id = OLD.tenant_id)
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
"""

PROCEDURE = """
CREATE PROCEDURE delete_audit_events @before datetime2(6), @most int AS
BEGIN
  SET NOCOUNT ON;
  DELETE TOP (@most) FROM audit_events
  WHERE occurred_at < @before
    AND NOT EXISTS (SELECT 1 FROM scans WHERE scans.tenant_id = audit_events.tenant_id);
  SELECT @@ROWCOUNT AS deleted;
END
"""

DENY = "DENY UPDATE, DELETE ON OBJECT::dbo.audit_events TO public"

CREATE_PREDICATE = """
CREATE FUNCTION dbo.is_own_row (@tenant_id varchar(36)) RETURNS TABLE WITH SCHEMABINDING AS
RETURN SELECT 1 AS is_own
WHERE @tenant_id = CAST(SESSION_CONTEXT(N'tenant_id') AS varchar(36))
   OR CAST(SESSION_CONTEXT(N'is_system') AS varchar(3)) = 'yes'
"""

BLOCKED = ("AFTER INSERT", "AFTER UPDATE", "BEFORE UPDATE", "BEFORE DELETE")


def upgrade() -> None:
    """Create all tables, guard the activity log, protect customers' rows."""
    _create_scans()
    _create_collected_costs()
    _create_collected_recommendations()
    _create_totals()
    _create_reviews()
    _create_results()
    _create_records()
    _create_findings()
    _create_finding_history()
    _create_outbox()
    _guard_audit()
    if op.get_context().dialect.name == "mssql":
        _compress_pages()
        _protect_rows()


def _collected(name: str, *columns: Column[Any]) -> None:
    """A table of rows that a collector reads."""
    op.create_table(
        name,
        Column("row_id", IdentityKey, primary_key=True, autoincrement=False),
        Column("tenant_id", IDENTIFIER, nullable=False),
        Column("scan_id", IDENTIFIER, nullable=False),
        *columns,
    )


def _create_scans() -> None:
    """Consents, scans, steps."""
    op.create_table(
        "connections",
        Column("tenant_id", IDENTIFIER, primary_key=True),
        Column("user_object_id", IDENTIFIER, primary_key=True),
        Column("username", Unicode(320), nullable=False),
        Column("state", String(20), nullable=False),
        Column("state_reason", Unicode(400)),
        Column("claims_challenge", Unicode(4000)),
        Column("refresh_token_encrypted", LargeBinary),
        Column("version", Integer, nullable=False),
        Column("consented_at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "scans",
        Column("scan_id", IDENTIFIER, primary_key=True),
        Column("tenant_id", IDENTIFIER, nullable=False),
        Column("user_object_id", IDENTIFIER, nullable=False),
        Column("status", String(20), nullable=False),
        Column("status_reason", Unicode(400)),
        Column("requested_at", UtcDateTime, nullable=False),
        Column("finished_at", UtcDateTime),
        Column("period_start", Date, nullable=False),
        Column("period_end", Date, nullable=False),
        Column("drafting_ended_at", UtcDateTime),
        Index("ix_scans_tenant_id_requested_at", "tenant_id", "requested_at"),
    )
    op.create_table(
        "steps",
        Column("step_id", IdentityKey, primary_key=True, autoincrement=True),
        Column("tenant_id", IDENTIFIER, nullable=False),
        Column("scan_id", IDENTIFIER, nullable=False),
        Column("collector", String(40), nullable=False),
        Column("subscription_id", IDENTIFIER, nullable=False),
        Column("subscription_name", Unicode(256), nullable=False),
        Column("status", String(20), nullable=False),
        Column("status_code", Unicode(120)),
        Column("status_reason", Unicode(600)),
        Column("remedy_role", Unicode(120)),
        Column("remedy_scope", Unicode(400)),
        Column("attempt", Integer, nullable=False),
        Column("request_index", Integer, nullable=False),
        Column("cursor", UnicodeText),
        Column("simplified", Boolean, nullable=False),
        Column("pages", Integer, nullable=False),
        Column("rows", Integer, nullable=False),
        Column("not_before", UtcDateTime),
        Column("lease_id", IDENTIFIER),
        Column("lease_expires_at", UtcDateTime),
        Column("updated_at", UtcDateTime, nullable=False),
        Column("plan_key", String(32)),
        Column("unread_json", UnicodeText),
        UniqueConstraint("tenant_id", "scan_id", "collector", "subscription_id"),
        Index("ix_steps_status", "status"),
        sqlite_autoincrement=True,  # Messages and row keys hold these numbers: none is ever used again.
    )


def _create_collected_costs() -> None:
    """Raw pages, costs, inventory."""
    op.create_table(
        "raw_pages",
        Column("tenant_id", IDENTIFIER, primary_key=True),
        Column("scan_id", IDENTIFIER, primary_key=True),
        Column("step_id", BigInteger, primary_key=True, autoincrement=False),
        Column("page_number", Integer, primary_key=True, autoincrement=False),
        Column("status", Integer, nullable=False),
        Column("body_gzip", LargeBinary, nullable=False),
        Column("received_at", UtcDateTime, nullable=False),
    )
    _collected(
        "costs",
        Column("sub_account_id", IDENTIFIER, nullable=False),
        Column("charge_period_start", Date, nullable=False),
        Column("billed_cost", Money, nullable=False),
        Column("billing_currency", String(3), nullable=False),
        Column("resource_id", RESOURCE_ID),
        Column("resource_group", Unicode(90)),
        Column("region_id", Unicode(90)),
        Column("service_name", Unicode(200), nullable=False),
        Column("meter_subcategory", Unicode(200)),
        Column("meter_name", Unicode(200)),
        Column("charge_type", Unicode(60)),
    )
    _collected(
        "inventory",
        Column("sub_account_id", IDENTIFIER, nullable=False),
        Column("resource_id", RESOURCE_ID, nullable=False),
        Column("resource_name", Unicode(260), nullable=False),
        Column("resource_type", Unicode(200), nullable=False),
        Column("resource_group", Unicode(90)),
        Column("region_id", Unicode(90)),
        Column("kind", Unicode(200)),
        Column("sku_json", UnicodeText),
        Column("tags_json", UnicodeText),
        Column("properties_json", UnicodeText),
    )


def _create_collected_recommendations() -> None:
    """Advisor, reservations, savings plans."""
    _collected(
        "advisor",
        Column("sub_account_id", IDENTIFIER, nullable=False),
        Column("recommendation_id", RESOURCE_ID, nullable=False),
        Column("recommendation_type_id", Unicode(60)),
        Column("resource_id", RESOURCE_ID),
        Column("impact", Unicode(20)),
        Column("impacted_field", Unicode(200)),
        Column("impacted_value", Unicode(260)),
        Column("problem", Unicode(1000)),
        Column("solution", Unicode(1000)),
        Column("monthly_savings", Money),
        Column("annual_savings", Money),
        Column("savings_currency", String(3)),
        Column("term", Unicode(40)),
        Column("look_back_days", Integer),
        Column("benefit_scope", Unicode(40)),
        Column("is_suppressed", Boolean, nullable=False),
        Column("last_updated", Unicode(40)),
        Column("extended_properties_json", UnicodeText),
    )
    _collected(
        "reservations",
        Column("sub_account_id", IDENTIFIER, nullable=False),
        Column("kind", String(20), nullable=False),
        Column("benefit_scope", Unicode(40)),
        Column("resource_type", Unicode(80)),
        Column("sku_name", Unicode(120)),
        Column("region_id", Unicode(90)),
        Column("term", Unicode(10)),
        Column("look_back_days", Integer),
        Column("recommended_quantity", Money),
        Column("cost_without_benefit", Money),
        Column("cost_with_benefit", Money),
        Column("net_savings", Money),
        Column("currency", String(3)),
    )
    _collected(
        "savings_plans",
        Column("sub_account_id", IDENTIFIER, nullable=False),
        Column("benefit_scope", Unicode(40)),
        Column("term", Unicode(10)),
        Column("look_back_days", Integer),
        Column("sku_name", Unicode(120)),
        Column("hourly_commitment", Money),
        Column("cost_without_benefit", Money),
        Column("cost_with_benefit", Money),
        Column("net_savings", Money),
        Column("average_utilization_percent", Money),
        Column("coverage_percent", Money),
        Column("currency", String(3)),
    )


def _create_totals() -> None:
    """Totals of costs, dead letters."""
    op.create_table(
        "cost_totals",
        Column("total_id", IdentityKey, primary_key=True, autoincrement=True),
        Column("tenant_id", IDENTIFIER, nullable=False),
        Column("scan_id", IDENTIFIER, nullable=False),
        Column("dimension", String(20), nullable=False),
        Column("value", RESOURCE_ID),
        Column("billing_currency", String(3), nullable=False),
        Column("charge_period_start", Date, nullable=False),
        Column("billed_cost", Money, nullable=False),
        Index("ix_cost_totals_tenant_id_scan_id", "tenant_id", "scan_id"),
    )
    op.create_table(
        "dead_letters",
        Column("dead_letter_id", IdentityKey, primary_key=True, autoincrement=True),
        Column("tenant_id", IDENTIFIER),
        Column("queue", String(60), nullable=False),
        Column("reason", Unicode(400), nullable=False),
        Column("body_text", Unicode(4000), nullable=False),
        Column("recorded_at", UtcDateTime, nullable=False),
        Column("message_json", Unicode(4000)),
        Column("replayed_at", UtcDateTime),
        Column("replayed_by_name", Unicode(320)),
    )


def _create_reviews() -> None:
    """Reviews and the jobs that reviewers start."""
    op.create_table(
        "reviews",
        Column("tenant_id", IDENTIFIER, primary_key=True),
        Column("scan_id", IDENTIFIER, primary_key=True),
        Column("taken_by", IDENTIFIER),
        Column("taken_by_name", Unicode(320)),
        Column("taken_at", UtcDateTime),
        Column("published_by", IDENTIFIER),
        Column("published_by_name", Unicode(320)),
        Column("published_at", UtcDateTime),
    )
    op.create_table(
        "operator_jobs",
        Column("job_id", IDENTIFIER, primary_key=True),
        Column("tenant_id", IDENTIFIER, nullable=False),
        Column("scan_id", IDENTIFIER, nullable=False),
        Column("kind", String(20), nullable=False),
        Column("title", Unicode(200), nullable=False),
        Column("parameters_json", UnicodeText, nullable=False),
        Column("reason", Unicode(1000), nullable=False),
        Column("requested_by", IDENTIFIER, nullable=False),
        Column("requested_by_name", Unicode(320), nullable=False),
        Column("requested_at", UtcDateTime, nullable=False),
        Column("state", String(20), nullable=False),
        Column("state_reason", Unicode(1000)),
        Column("summary", Unicode(1000)),
        Column("parts", Integer, nullable=False),
        Column("parts_done", Integer, nullable=False),
        Column("place_json", UnicodeText),
        Column("attempt", Integer, nullable=False),
        Column("lease_id", IDENTIFIER),
        Column("lease_expires_at", UtcDateTime),
        Column("updated_at", UtcDateTime, nullable=False),
        Column("finished_at", UtcDateTime),
        Index("ix_operator_jobs_tenant_id_scan_id", "tenant_id", "scan_id"),
    )
    op.create_table(
        "job_pages",
        Column("job_id", IDENTIFIER, primary_key=True),
        Column("page_number", Integer, primary_key=True, autoincrement=False),
        Column("tenant_id", IDENTIFIER, nullable=False),
        Column("scan_id", IDENTIFIER, nullable=False),
        Column("status", Integer, nullable=False),
        Column("body_gzip", LargeBinary, nullable=False),
        Column("received_at", UtcDateTime, nullable=False),
    )


def _create_results() -> None:
    """What those jobs collect."""
    op.create_table(
        "adhoc_results",
        Column("job_id", IDENTIFIER, primary_key=True),
        Column("tenant_id", IDENTIFIER, nullable=False),
        Column("scan_id", IDENTIFIER, nullable=False),
        Column("rows", Integer, nullable=False),
        Column("total_rows", Integer),
        Column("table_gzip", LargeBinary, nullable=False),
        Column("received_at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "metric_series",
        Column("job_id", IDENTIFIER, primary_key=True),
        Column("series_number", Integer, primary_key=True, autoincrement=False),
        Column("tenant_id", IDENTIFIER, nullable=False),
        Column("scan_id", IDENTIFIER, nullable=False),
        Column("resource_id", Unicode(1024), nullable=False),
        Column("metric_name", Unicode(120), nullable=False),
        Column("unit", Unicode(40), nullable=False),
        Column("starts_at", UtcDateTime, nullable=False),
        Column("step_seconds", Integer, nullable=False),
        Column("points", Integer, nullable=False),
        Column("missing", Integer, nullable=False),
        Column("average", Float(53)),
        Column("p95", Float(53)),
        Column("maximum", Float(53)),
        Column("points_gzip", LargeBinary, nullable=False),
        Index("ix_metric_series_tenant_id_scan_id", "tenant_id", "scan_id"),
    )


def _create_records() -> None:
    """Deletions, retention runs, the activity log."""
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
    op.create_table(
        "purge_runs",
        Column("run_id", IdentityKey, primary_key=True, autoincrement=True),
        Column("as_of", Date, nullable=False),
        Column("started_at", UtcDateTime, nullable=False),
        Column("finished_at", UtcDateTime),
        Column("customers", Integer, nullable=False),
        Column("rows_deleted", Integer, nullable=False),
    )
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


def _create_findings() -> None:
    """Findings with their resources and savings."""
    op.create_table(
        "subscriptions",
        Column("tenant_id", IDENTIFIER, primary_key=True),
        Column("scan_id", IDENTIFIER, primary_key=True),
        Column("subscription_id", IDENTIFIER, primary_key=True),
        Column("state", Unicode(40), nullable=False),
        Column("quota_id", Unicode(120)),
    )
    op.create_table(
        "findings",
        Column("finding_id", IDENTIFIER, primary_key=True),
        Column("tenant_id", IDENTIFIER, nullable=False),
        Column("scan_id", IDENTIFIER, nullable=False),
        Column("finding_key", FINDING_KEY, nullable=False),
        Column("status", String(20), nullable=False),
        Column("title", Unicode(300), nullable=False),
        Column("text", UnicodeText, nullable=False),
        Column("measure", String(20), nullable=False),
        Column("confidence", String(20), nullable=False),
        Column("effort", String(20), nullable=False),
        Column("owner", Unicode(320)),
        Column("version", Integer, nullable=False),
        Column("is_edited", Boolean, nullable=False),
        Column("created_at", UtcDateTime, nullable=False),
        Column("updated_at", UtcDateTime, nullable=False),
        Column("updated_by", Unicode(320)),
        Column("published_at", UtcDateTime),
        Column("saving_from", String(20), nullable=False, server_default="resources"),
        Column("evidence_json", UnicodeText),
        Column("carried_from", IDENTIFIER),
        Column("to_check", Unicode(600)),
        UniqueConstraint("tenant_id", "scan_id", "finding_key"),
    )
    op.create_table(
        "finding_resources",
        Column("finding_id", IDENTIFIER, primary_key=True),
        Column("position", Integer, primary_key=True, autoincrement=False),
        Column("tenant_id", IDENTIFIER, nullable=False),
        Column("scan_id", IDENTIFIER, nullable=False),
        Column("resource_id", Unicode(1024), nullable=False),
        Column("resource_name", Unicode(260), nullable=False),
        Column("resource_type", Unicode(200), nullable=False),
        Column("sub_account_id", IDENTIFIER, nullable=False),
        Column("resource_group", Unicode(90)),
        Column("region_id", Unicode(90)),
        Column("evidence_json", UnicodeText, nullable=False),
        Column("note", Unicode(600)),
        Column("is_left_out", Boolean, nullable=False, server_default=false()),
        Index("ix_finding_resources_tenant_id_scan_id", "tenant_id", "scan_id"),
    )
    op.create_table(
        "finding_savings",
        Column("finding_id", IDENTIFIER, primary_key=True),
        Column("position", Integer, primary_key=True, autoincrement=False),
        Column("currency", String(3), primary_key=True),
        Column("tenant_id", IDENTIFIER, nullable=False),
        Column("scan_id", IDENTIFIER, nullable=False),
        Column("monthly", Money, nullable=False),
        Column("basis", String(20), nullable=False),
        Column("yearly", Money),
        Index("ix_finding_savings_tenant_id_scan_id", "tenant_id", "scan_id"),
    )


def _create_finding_history() -> None:
    """Versions of findings, proposals, decisions of customers."""
    op.create_table(
        "finding_versions",
        Column("finding_id", IDENTIFIER, primary_key=True),
        Column("version", Integer, primary_key=True, autoincrement=False),
        Column("tenant_id", IDENTIFIER, nullable=False),
        Column("scan_id", IDENTIFIER, nullable=False),
        Column("status", String(20), nullable=False),
        Column("title", Unicode(300), nullable=False),
        Column("text", UnicodeText, nullable=False),
        Column("confidence", String(20), nullable=False),
        Column("effort", String(20), nullable=False),
        Column("owner", Unicode(320)),
        Column("savings_json", UnicodeText, nullable=False),
        Column("changed_at", UtcDateTime, nullable=False),
        Column("changed_by", Unicode(320)),
        Column("change", Unicode(600)),
        Index("ix_finding_versions_tenant_id_scan_id", "tenant_id", "scan_id"),
    )
    op.create_table(
        "finding_proposals",
        Column("finding_id", IDENTIFIER, primary_key=True),
        Column("tenant_id", IDENTIFIER, nullable=False),
        Column("scan_id", IDENTIFIER, nullable=False),
        Column("proposed_at", UtcDateTime, nullable=False),
        Column("title", Unicode(300), nullable=False),
        Column("text", UnicodeText, nullable=False),
        Column("resources_json", UnicodeText, nullable=False),
        Column("evidence_json", UnicodeText, nullable=False),
        Index("ix_finding_proposals_tenant_id_scan_id", "tenant_id", "scan_id"),
    )
    op.create_table(
        "finding_states",
        Column("tenant_id", IDENTIFIER, primary_key=True),
        Column("user_object_id", IDENTIFIER, primary_key=True),
        Column("finding_key", FINDING_KEY, primary_key=True),
        Column("scan_id", IDENTIFIER, nullable=False),
        Column("decision", String(20), nullable=False),
        Column("reason", Unicode(1000)),
        Column("decided_at", UtcDateTime, nullable=False),
        Column("decided_by", Unicode(320), nullable=False),
        Column("version", Integer, nullable=False),
        Column("resources_json", UnicodeText),
    )


def _create_outbox() -> None:
    """Emails to send, and their delivery."""
    op.create_table(
        "outbox",
        Column("mail_id", IDENTIFIER, primary_key=True),
        Column("tenant_id", IDENTIFIER, nullable=False),
        Column("scan_id", IDENTIFIER, nullable=False),
        Column("kind", String(40), nullable=False),
        Column("recipient", Unicode(320), nullable=False),
        Column("state", String(20), nullable=False),
        Column("code", Unicode(120)),
        Column("attempt", Integer, nullable=False),
        Column("not_before", UtcDateTime),
        Column("changed_at", UtcDateTime, nullable=False),
        UniqueConstraint("tenant_id", "scan_id", "kind", "recipient"),
        Index("ix_outbox_state_changed_at", "state", "changed_at"),
    )


def _guard_audit() -> None:
    """Make the activity log append-only."""
    if op.get_context().dialect.name == "sqlite":
        op.execute(NO_UPDATE.strip())
        op.execute(NO_DELETE.strip())
        return
    op.execute(PROCEDURE.strip())
    if not is_left_out("deny"):
        op.execute(DENY)


def _compress_pages() -> None:
    if not is_left_out("page-compression"):
        for table in COMPRESSED:
            op.execute(f"ALTER TABLE dbo.{table} REBUILD WITH (DATA_COMPRESSION = PAGE)")


def _protect_rows() -> None:
    if not is_left_out("rls"):
        op.execute(CREATE_PREDICATE.strip())
        added = ",\n".join(line for table in PROTECTED for line in _predicates(table))
        op.execute(f"CREATE SECURITY POLICY dbo.own_rows\n{added}\nWITH (STATE = ON, SCHEMABINDING = ON)")


def _predicates(table: str) -> Iterator[str]:
    yield f"ADD FILTER PREDICATE dbo.is_own_row(tenant_id) ON dbo.{table}"
    for moment in BLOCKED:
        yield f"ADD BLOCK PREDICATE dbo.is_own_row(tenant_id) ON dbo.{table} {moment}"
