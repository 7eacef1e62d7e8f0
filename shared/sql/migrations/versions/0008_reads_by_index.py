"""Indexes for what is looked for among all customers' rows: old entries of the activity log, ending review windows."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create them."""
    op.create_index("ix_audit_events_occurred_at", "audit_events", ["occurred_at", "tenant_id"])
    op.create_index("ix_scans_finished_at", "scans", ["finished_at"])
