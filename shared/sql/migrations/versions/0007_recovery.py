"""What recovery needs: dead letters that can be sent again, steps that know what they read, drafts that nobody forgets.

Safe beside the running code: every column may be empty, and the earlier code names its own columns only.
"""

from alembic import op
from sqlalchemy import Column, String, Unicode, UnicodeText

from shared.sql.engine.types import UtcDateTime

revision = "0007"
down_revision = "0006"

DRAFTED_BEFORE = "UPDATE scans SET drafting_ended_at = finished_at WHERE status IN ('collected', 'partial')"
"""Scans that have ended by now were drafted long ago: none of them is to be asked for again."""

ADDED: dict[str, tuple[Column[object], ...]] = {
    "dead_letters": (
        Column("message_json", Unicode(4000)),
        Column("replayed_at", UtcDateTime),
        Column("replayed_by_name", Unicode(320)),
    ),
    "steps": (Column("plan_key", String(32)), Column("unread_json", UnicodeText)),
    "scans": (Column("drafting_ended_at", UtcDateTime),),
}


def upgrade() -> None:
    """Adds the columns."""
    for table, columns in ADDED.items():
        for column in columns:
            op.add_column(table, column)
    op.execute(DRAFTED_BEFORE)
