"""Indexes for the tables of which a deletion had to read every customer's rows."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create them; a table of some thousand rows takes no second."""
    op.create_index("ix_job_pages_tenant_id_scan_id", "job_pages", ["tenant_id", "scan_id"])
    op.create_index("ix_adhoc_results_tenant_id_scan_id", "adhoc_results", ["tenant_id", "scan_id"])
    op.create_index("ix_dead_letters_tenant_id", "dead_letters", ["tenant_id"])
