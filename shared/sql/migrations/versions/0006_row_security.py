"""Row-level security on every table with customers' rows; pages of repeating values compressed; one index.

Safe beside the running code: a new policy needs nothing but the session context, which the
code has always set; the tables are rebuilt while they are empty, at the first deployment,
or within a pause of the scans.
"""

from alembic import op

from shared.sql.engine.row_security import CREATE_PREDICATE, create_policy
from shared.sql.migrations import is_left_out

revision = "0006"
down_revision = "0005"

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
    "finding_states",
    "outbox",
    "dead_letters",
    "purges",
    "audit_events",
)

COMPRESSED = ("costs", "inventory", "advisor", "cost_totals")
"""Thousands of rows with the same subscription, service, region and month. Raw pages are gzip already."""


def upgrade() -> None:
    """Adds the index on both databases; the rest is SQL Server's."""
    op.create_index("ix_steps_status", "steps", ["status"])
    if op.get_context().dialect.name != "mssql":
        return
    if not is_left_out("page-compression"):
        for table in COMPRESSED:
            op.execute(f"ALTER TABLE dbo.{table} REBUILD WITH (DATA_COMPRESSION = PAGE)")
    if not is_left_out("rls"):
        op.execute(CREATE_PREDICATE)
        op.execute(create_policy(PROTECTED))
