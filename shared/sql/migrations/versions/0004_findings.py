"""The tables of the findings, and what a scan learned of its subscriptions."""

from alembic import op
from sqlalchemy import Boolean, Column, Index, Integer, String, Unicode, UnicodeText, UniqueConstraint

from shared.sql.engine.types import Money, UtcDateTime

revision = "0004"
down_revision = "0003"

IDENTIFIER = String(36)
FINDING_KEY = Unicode(120)


def upgrade() -> None:
    """Creates the tables."""
    _create_subscriptions()
    _create_findings()
    _create_resources()
    _create_savings()
    _create_versions()
    _create_states()


def _create_subscriptions() -> None:
    op.create_table(
        "subscriptions",
        Column("tenant_id", IDENTIFIER, primary_key=True),
        Column("scan_id", IDENTIFIER, primary_key=True),
        Column("subscription_id", IDENTIFIER, primary_key=True),
        Column("state", Unicode(40), nullable=False),
        Column("quota_id", Unicode(120)),
    )


def _create_findings() -> None:
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
        UniqueConstraint("tenant_id", "scan_id", "finding_key"),
    )


def _create_resources() -> None:
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
        Index("ix_finding_resources_tenant_id_scan_id", "tenant_id", "scan_id"),
    )


def _create_savings() -> None:
    op.create_table(
        "finding_savings",
        Column("finding_id", IDENTIFIER, primary_key=True),
        Column("position", Integer, primary_key=True, autoincrement=False),
        Column("currency", String(3), primary_key=True),
        Column("tenant_id", IDENTIFIER, nullable=False),
        Column("scan_id", IDENTIFIER, nullable=False),
        Column("monthly", Money, nullable=False),
        Column("basis", String(20), nullable=False),
        Index("ix_finding_savings_tenant_id_scan_id", "tenant_id", "scan_id"),
    )


def _create_versions() -> None:
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
        Index("ix_finding_versions_tenant_id_scan_id", "tenant_id", "scan_id"),
    )


def _create_states() -> None:
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
    )
