"""Findings whose resources and evidence reviewers choose; decisions that know what they were about.

Safe beside the running code: what is new may be empty or has a default.
"""

from alembic import op
from sqlalchemy import Boolean, Column, Index, String, Unicode, UnicodeText, false

from shared.sql.engine.types import Money, UtcDateTime
from shared.sql.migrations import protect_rows

revision = "0009"
down_revision = "0008"

IDENTIFIER = String(36)
PROPOSALS = "finding_proposals"


def upgrade() -> None:
    """Adds the columns and the table."""
    op.add_column("findings", Column("saving_from", String(20), nullable=False, server_default="resources"))
    op.add_column("findings", Column("evidence_json", UnicodeText))
    op.add_column("findings", Column("carried_from", IDENTIFIER))
    op.add_column("findings", Column("to_check", Unicode(600)))
    op.add_column("finding_resources", Column("is_left_out", Boolean, nullable=False, server_default=false()))
    op.add_column("finding_savings", Column("yearly", Money))
    op.add_column("finding_versions", Column("change", Unicode(600)))
    op.add_column("finding_states", Column("resources_json", UnicodeText))
    _create_proposals()
    protect_rows(PROPOSALS)


def _create_proposals() -> None:
    op.create_table(
        PROPOSALS,
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
