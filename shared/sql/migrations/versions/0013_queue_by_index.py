"""What the desk lists and searches is found by indexes: scans to review, their figures, names of customers.

The program before this version writes neither the figures of a scan that ends nor `review_published_at`: the list
shows no figures of it then, and also looks at the review itself.
"""

import json
from decimal import Decimal, localcontext

from alembic import op
from sqlalchemy import Column, DateTime, Integer, Text, text
from sqlalchemy.dialects.mssql import DATETIME2

revision = "0013"
down_revision = "0012"

UtcDateTime = DateTime().with_variant(DATETIME2(6), "mssql")  # type: ignore[no-untyped-call]

IS_TO_REVIEW = "status IN ('collected', 'partial') AND review_published_at IS NULL"
IS_PUBLISHED = "review_published_at IS NOT NULL"

PUBLISHED = """
UPDATE scans SET review_published_at = (
    SELECT reviews.published_at FROM reviews
    WHERE reviews.tenant_id = scans.tenant_id AND reviews.scan_id = scans.scan_id
)
"""

COVERED = """
UPDATE scans SET
    subscriptions = (
        SELECT count(DISTINCT steps.subscription_id) FROM steps
        WHERE steps.tenant_id = scans.tenant_id AND steps.scan_id = scans.scan_id
    ),
    subscriptions_in_full = (
        SELECT count(DISTINCT steps.subscription_id) FROM steps
        WHERE steps.tenant_id = scans.tenant_id AND steps.scan_id = scans.scan_id
        AND NOT EXISTS (
            SELECT 1 FROM steps AS other
            WHERE other.tenant_id = steps.tenant_id AND other.scan_id = steps.scan_id
            AND other.subscription_id = steps.subscription_id
            AND (other.status <> 'succeeded' OR other.unread_json IS NOT NULL OR other.rows_set_aside <> 0)
        )
    )
WHERE finished_at IS NOT NULL
"""

SPEND = """
UPDATE scans SET spend_json = COALESCE((
    SELECT '[' + STRING_AGG('["' + each.billing_currency + '", "' + CONVERT(varchar(60), each.billed_cost) + '"]', ', ')
        WITHIN GROUP (ORDER BY each.billing_currency) + ']'
    FROM (
        SELECT totals.billing_currency, SUM(totals.billed_cost) AS billed_cost FROM cost_totals AS totals
        WHERE totals.tenant_id = scans.tenant_id AND totals.scan_id = scans.scan_id AND totals.dimension = 'service'
        GROUP BY totals.billing_currency
    ) AS each
), '[]')
WHERE finished_at IS NOT NULL
"""

NAMES = {"connections": "username", "audit_events": "actor_name"}


def upgrade() -> None:
    """Add the columns, copy the moments of publication, create the indexes."""
    _add_columns()
    op.execute(PUBLISHED)
    op.execute(COVERED)
    _fill_spend()
    _index("to_review", "finished_at", IS_TO_REVIEW)
    _index("published", "review_published_at", IS_PUBLISHED)
    op.create_index("ix_scans_requested_at", "scans", ["requested_at", "scan_id"])
    for table, name in NAMES.items():
        _add_searched_names(table, name)
    for column in ("username_lower", "username_domain"):
        op.create_index(f"ix_connections_{column}", "connections", [column, "tenant_id"])
    for column in ("actor_name_lower", "actor_name_domain"):
        op.create_index(f"ix_audit_events_{column}", "audit_events", ["actor_kind", column, "tenant_id"])


def _add_columns() -> None:
    op.add_column("scans", Column("review_published_at", UtcDateTime))
    op.add_column("scans", Column("subscriptions", Integer))
    op.add_column("scans", Column("subscriptions_in_full", Integer))
    if op.get_context().dialect.name == "sqlite":
        op.execute(
            "ALTER TABLE scans ADD COLUMN spend_json TEXT CONSTRAINT ck_scans_spend_json_is_json "
            "CHECK (spend_json IS NULL OR json_valid(spend_json))"
        )
        return
    op.add_column("scans", Column("spend_json", Text))
    op.create_check_constraint("spend_json_is_json", "scans", text("ISJSON(spend_json) = 1"))


def _fill_spend() -> None:
    """Sum the totals exactly: SQLite keeps amounts as texts."""
    if op.get_context().dialect.name != "sqlite":
        op.execute(SPEND)
        return
    connection = op.get_bind()
    ended = connection.exec_driver_sql("SELECT tenant_id, scan_id FROM scans WHERE finished_at IS NOT NULL")
    sums: dict[tuple[str, str], dict[str, Decimal]] = {(row.tenant_id, row.scan_id): {} for row in ended}
    totals = "SELECT tenant_id, scan_id, billing_currency, billed_cost FROM cost_totals WHERE dimension = 'service'"
    with localcontext(prec=100):
        for tenant_id, scan_id, currency, cost in connection.exec_driver_sql(totals):
            own = sums.get((tenant_id, scan_id), {})
            own[currency] = own.get(currency, Decimal(0)) + Decimal(cost)
    for key, own in sums.items():
        spend = json.dumps([[currency, format(own[currency], "f")] for currency in sorted(own)])
        connection.exec_driver_sql("UPDATE scans SET spend_json = ? WHERE tenant_id = ? AND scan_id = ?", (spend, *key))


def _index(name: str, column: str, condition: str) -> None:
    op.create_index(
        f"ix_scans_{name}", "scans", [column, "scan_id"], sqlite_where=text(condition), mssql_where=text(condition)
    )


def _add_searched_names(table: str, name: str) -> None:
    """Columns that the database makes of a name: in lower case, and what is behind the @."""
    if op.get_context().dialect.name == "sqlite":
        op.execute(f"ALTER TABLE {table} ADD COLUMN {name}_lower VARCHAR(320) GENERATED ALWAYS AS (lower({name}))")
        domain = f"lower(substr({name}, instr({name}, '@') + 1))"
        op.execute(f"ALTER TABLE {table} ADD COLUMN {name}_domain VARCHAR(320) GENERATED ALWAYS AS ({domain})")
        return
    op.execute(f"ALTER TABLE dbo.{table} ADD {name}_lower AS (lower({name}))")
    domain = f"lower(substring({name}, charindex('@', {name}) + 1, 320))"
    op.execute(f"ALTER TABLE dbo.{table} ADD {name}_domain AS ({domain})")
