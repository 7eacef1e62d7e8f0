"""The tables. Every tenant-owned one has `tenant_id`; `TENANT_TABLES` lists them, children first."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Unicode,
    UnicodeText,
    UniqueConstraint,
    false,
    func,
    text,
)
from sqlalchemy.sql.schema import SchemaItem

from shared.sql.engine.json_columns import json_column
from shared.sql.engine.types import Money, UtcDateTime
from shared.sql.schema.cost_tables import COST_DIMENSIONS, COST_TABLES
from shared.sql.schema.cost_tables import amortized_costs as amortized_costs  # noqa: PLC0414
from shared.sql.schema.cost_tables import costs as costs  # noqa: PLC0414
from shared.sql.schema.desk_tables import DESK_TABLES
from shared.sql.schema.finding_tables import FINDING_TABLES
from shared.sql.schema.metadata import IDENTIFIER, RESOURCE_ID, IdentityKey, searched_names, tenant_id_column
from shared.sql.schema.metadata import metadata as metadata  # noqa: PLC0414  it is imported from here
from shared.sql.schema.outbox_tables import OUTBOX_TABLES
from shared.sql.schema.record_tables import purges as purges  # noqa: PLC0414

connections = Table(
    "connections",
    metadata,
    Column("tenant_id", IDENTIFIER, primary_key=True),
    Column("user_object_id", IDENTIFIER, primary_key=True),
    Column("username", Unicode(320), nullable=False),
    Column("state", String(20), nullable=False),
    Column("state_reason", Unicode(400)),
    Column("claims_challenge", Unicode(4000)),
    Column("refresh_token_encrypted", LargeBinary),
    Column("version", Integer, nullable=False),
    Column("consented_at", UtcDateTime, nullable=False),
    Column("mail_address", Unicode(320)),  # NULL until the user has confirmed one.
    *searched_names("username"),
    Index("ix_connections_username_lower", "username_lower", "tenant_id"),
    Index("ix_connections_username_domain", "username_domain", "tenant_id"),
)

IS_RUNNING = text("status IN ('requested', 'collecting', 'finishing')")
"""The statuses that are not final, as an index condition in both dialects; a test compares it with ScanStatus."""

IS_TO_REVIEW = text("status IN ('collected', 'partial') AND review_published_at IS NULL")
"""A scan that was read and whose review is not published; a test compares the statuses with REVIEWABLE."""

IS_PUBLISHED = text("review_published_at IS NOT NULL")

MAIL_RECIPIENT = func.coalesce(connections.c.mail_address, connections.c.username)
"""Where a user's mails go: Connection.mail_recipient."""

scans = Table(
    "scans",
    metadata,
    Column("scan_id", IDENTIFIER, primary_key=True),
    tenant_id_column(),
    Column("user_object_id", IDENTIFIER, nullable=False),
    Column("status", String(20), nullable=False),
    Column("status_reason", Unicode(400)),
    Column("requested_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("period_start", Date, nullable=False),
    Column("period_end", Date, nullable=False),
    Column("drafting_ended_at", UtcDateTime),  # NULL: the findings are still to be drafted, or none are due.
    Column("left_out_json", UnicodeText),
    Column("has_totals", Boolean, nullable=False, server_default=false()),  # Of its last steps: a stage of finishing.
    Column("review_published_at", UtcDateTime),  # As in `reviews`: what is to be reviewed is found by an index.
    Column("subscriptions", Integer),  # These three: scan_figures.py. NULL until the scan has ended.
    Column("subscriptions_in_full", Integer),
    *json_column("spend_json"),
    Index("ix_scans_to_review", "finished_at", "scan_id", sqlite_where=IS_TO_REVIEW, mssql_where=IS_TO_REVIEW),
    Index("ix_scans_published", "review_published_at", "scan_id", sqlite_where=IS_PUBLISHED, mssql_where=IS_PUBLISHED),
    Index("ix_scans_requested_at", "requested_at", "scan_id"),  # The desk lists the newest of all customers.
    Index("ix_scans_tenant_id_requested_at", "tenant_id", "requested_at"),
    Index("ix_scans_finished_at", "finished_at"),  # The sweep looks for reviews whose window is about to end.
    Index(  # A user has at most one running scan, also when two tabs ask for it at once.
        "ix_scans_running",
        "tenant_id",
        "user_object_id",
        unique=True,
        sqlite_where=IS_RUNNING,
        mssql_where=IS_RUNNING,
    ),
)

steps = Table(
    "steps",
    metadata,
    Column("step_id", IdentityKey, primary_key=True, autoincrement=True),
    tenant_id_column(),
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
    Column("simplified", Integer, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("not_before", UtcDateTime),
    Column("lease_id", IDENTIFIER),
    Column("lease_expires_at", UtcDateTime),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("plan_key", String(32)),
    Column("unread_json", UnicodeText),
    Column("subscription_state", Unicode(40), nullable=False, server_default=""),
    Column("rows_set_aside", Integer, nullable=False, server_default="0"),
    Column("set_aside_json", UnicodeText),
    UniqueConstraint("tenant_id", "scan_id", "collector", "subscription_id"),
    Index("ix_steps_status", "status"),  # The sweeper looks for the few unfinished ones every minute.
    sqlite_autoincrement=True,  # Messages and row keys hold these numbers: none is ever used again.
)

raw_pages = Table(
    "raw_pages",
    metadata,
    Column("tenant_id", IDENTIFIER, primary_key=True),
    Column("scan_id", IDENTIFIER, primary_key=True),
    Column("step_id", BigInteger, primary_key=True, autoincrement=False),
    Column("page_number", Integer, primary_key=True, autoincrement=False),
    Column("status", Integer, nullable=False),
    Column("body_gzip", LargeBinary, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
)


def _collected(name: str, *columns: SchemaItem) -> Table:
    """A table of collected rows.

    `row_id` tells step, page and row (shared/sql/scans/row_keys.py makes it and finds a scan's
    rows by it). It is the only key: rows arrive in its order, so that storing them is
    little more than appending; one more index would cost a third of a scan's speed.
    """
    return Table(
        name,
        metadata,
        Column("row_id", IdentityKey, primary_key=True, autoincrement=False),
        tenant_id_column(),
        Column("scan_id", IDENTIFIER, nullable=False),
        *columns,
    )


inventory = _collected(
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

advisor = _collected(
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

reservations = _collected(
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

savings_plans = _collected(
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

cost_totals = Table(
    "cost_totals",
    metadata,
    Column("total_id", IdentityKey, primary_key=True, autoincrement=True),
    tenant_id_column(),
    Column("scan_id", IDENTIFIER, nullable=False),
    Column("dimension", String(20), nullable=False),
    Column("value", RESOURCE_ID),
    Column("billing_currency", String(3), nullable=False),
    Column("charge_period_start", Date, nullable=False),
    Column("billed_cost", Money, nullable=False),
    Column("tag_name", Unicode(512)),
    Column("line_items", Integer, nullable=False, server_default="0"),
    Column("value_count", Integer, nullable=False, server_default="1"),
    Index("ix_cost_totals_tenant_id_scan_id", "tenant_id", "scan_id"),
)

charge_totals = Table(
    "charge_totals",
    metadata,
    Column("total_id", IdentityKey, primary_key=True, autoincrement=True),
    tenant_id_column(),
    Column("scan_id", IDENTIFIER, nullable=False),
    Column("cost_view", String(10), nullable=False),
    Column("billing_currency", String(3), nullable=False),
    Column("charge_period_start", Date, nullable=False),
    Column("service_name", Unicode(200), nullable=False),
    Column("charge_type", Unicode(60)),
    Column("pricing_category", String(20)),
    Column("commitment_discount_type", String(20)),
    Column("publisher", Unicode(200)),
    Column("cost", Money, nullable=False),
    Index("ix_charge_totals_tenant_id_scan_id", "tenant_id", "scan_id"),
)

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("dead_letter_id", IdentityKey, primary_key=True, autoincrement=True),
    Column("tenant_id", IDENTIFIER),
    Column("queue", String(60), nullable=False),
    Column("reason", Unicode(400), nullable=False),
    Column("body_text", Unicode(4000), nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("message_json", Unicode(4000)),
    Column("replayed_at", UtcDateTime),
    Column("replayed_by_name", Unicode(320)),
    Index("ix_dead_letters_tenant_id", "tenant_id"),
)

COLLECTED_TABLES = (*COST_TABLES, inventory, advisor, reservations, savings_plans)
STEP_TABLES = (*COLLECTED_TABLES, *COST_DIMENSIONS.values())
"""What is found by the steps it came from: the collectors' tables, and what their cost rows share."""

TENANT_TABLES = (
    *STEP_TABLES,
    *DESK_TABLES,
    *FINDING_TABLES,
    *OUTBOX_TABLES,
    cost_totals,
    charge_totals,
    raw_pages,
    steps,
    scans,
    connections,
)
