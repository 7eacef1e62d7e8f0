"""Columns are named as the pages call what they hold: claimed, excluded, the cursor of a job.

A rename keeps every row and loses nothing that the program before it writes until its last moment: two columns side by
side would. It is the one change that the program before it does not work with, and was made before the first release;
a later one adds the new column, and drops the old one when no program that uses it can come back.
"""

from alembic import op

revision = "0009"
down_revision = "0008"

RENAMED = {
    ("reviews", "taken_by"): "claimed_by",
    ("reviews", "taken_by_name"): "claimed_by_name",
    ("reviews", "taken_at"): "claimed_at",
    ("operator_jobs", "place_json"): "cursor_json",
    ("finding_resources", "is_left_out"): "is_excluded",
}


def upgrade() -> None:
    """Rename them; neither database copies a table for it."""
    for (table, column), name in RENAMED.items():
        op.alter_column(table, column, new_column_name=name)
