"""The tables of the review: reviews, operators' jobs and what comes of them."""

from alembic import op
from sqlalchemy import Column, Float, Index, Integer, LargeBinary, String, Unicode, UnicodeText

from shared.sql.engine.types import UtcDateTime

revision = "0002"
down_revision = "0001"

IDENTIFIER = String(36)


def upgrade() -> None:
    """Creates the tables."""
    _create_reviews()
    _create_jobs()
    _create_results()


def _create_reviews() -> None:
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


def _create_jobs() -> None:
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
