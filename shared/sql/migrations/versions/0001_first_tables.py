"""The first tables."""

from typing import Any

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    String,
    Unicode,
    UnicodeText,
    UniqueConstraint,
)

from shared.sql.engine.types import Money, UtcDateTime

revision = "0001"
down_revision = None

IdentityKey = BigInteger().with_variant(Integer, "sqlite")
IDENTIFIER = String(36)
RESOURCE_ID = Unicode(1024)


def upgrade() -> None:
    """Creates all tables."""
    _create_customers()
    _create_collected_costs()
    _create_collected_recommendations()
    _create_records()


def _create_collected(name: str, *columns: Column[Any]) -> None:
    op.create_table(
        name,
        Column("row_id", IdentityKey, primary_key=True, autoincrement=False),
        Column("tenant_id", IDENTIFIER, nullable=False),
        Column("scan_id", IDENTIFIER, nullable=False),
        *columns,
    )


def _create_customers() -> None:
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
        UniqueConstraint("tenant_id", "scan_id", "collector", "subscription_id"),
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
    _create_collected(
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
    _create_collected(
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
    _create_collected(
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
    _create_collected(
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
    _create_collected(
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


def _create_records() -> None:
    """Totals, dead letters."""
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
    )
