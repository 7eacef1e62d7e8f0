"""The tables of the review: who reviews a scan, what operators asked for, and what came of it."""

from sqlalchemy import Column, Float, Index, Integer, LargeBinary, String, Table, Unicode, UnicodeText

from shared.sql.engine.types import UtcDateTime
from shared.sql.schema.metadata import IDENTIFIER, RESOURCE_ID, metadata, tenant_id_column

reviews = Table(
    "reviews",
    metadata,
    Column("tenant_id", IDENTIFIER, primary_key=True),
    Column("scan_id", IDENTIFIER, primary_key=True),
    Column("claimed_by", IDENTIFIER),
    Column("claimed_by_name", Unicode(320)),
    Column("claimed_at", UtcDateTime),
    Column("published_by", IDENTIFIER),
    Column("published_by_name", Unicode(320)),
    Column("published_at", UtcDateTime),
    Column("findings_deleted_at", UtcDateTime),
)
"""A scan without a row here has no reviewer."""

operator_jobs = Table(
    "operator_jobs",
    metadata,
    Column("job_id", IDENTIFIER, primary_key=True),
    tenant_id_column(),
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
    Column("cursor_json", UnicodeText),
    Column("attempt", Integer, nullable=False),
    Column("lease_id", IDENTIFIER),
    Column("lease_expires_at", UtcDateTime),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Index("ix_operator_jobs_tenant_id_scan_id", "tenant_id", "scan_id"),
)
"""`cursor_json` is the JobCursor from which the job resumes with its next message."""

job_pages = Table(
    "job_pages",
    metadata,
    Column("job_id", IDENTIFIER, primary_key=True),
    Column("page_number", Integer, primary_key=True, autoincrement=False),
    tenant_id_column(),
    Column("scan_id", IDENTIFIER, nullable=False),
    Column("status", Integer, nullable=False),
    Column("body_gzip", LargeBinary, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Index("ix_job_pages_tenant_id_scan_id", "tenant_id", "scan_id"),
)
"""Pages that a re-pull has read and that have not yet taken the place of the step's earlier ones."""

adhoc_results = Table(
    "adhoc_results",
    metadata,
    Column("job_id", IDENTIFIER, primary_key=True),
    tenant_id_column(),
    Column("scan_id", IDENTIFIER, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("total_rows", Integer),
    Column("table_gzip", LargeBinary, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Index("ix_adhoc_results_tenant_id_scan_id", "tenant_id", "scan_id"),
)
"""`table_gzip` is gzip of JSON: {"columns": [name, …], "rows": [[value, …], …]}."""

metric_series = Table(
    "metric_series",
    metadata,
    Column("job_id", IDENTIFIER, primary_key=True),
    Column("series_number", Integer, primary_key=True, autoincrement=False),
    tenant_id_column(),
    Column("scan_id", IDENTIFIER, nullable=False),
    Column("resource_id", RESOURCE_ID, nullable=False),
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
"""`points_gzip` is gzip of JSON: [[value or null, maximum or null], …], one for each step of the time span.

The summary columns are NULL where no point has a value: that is not a zero.
"""

DESK_TABLES = (metric_series, adhoc_results, job_pages, operator_jobs, reviews)
