"""The customer's plan for a finding: owner, due date, note; and who a resource's tags say owns it."""

from alembic import op
from sqlalchemy import Column, Date, Unicode

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the columns; in earlier rows they are NULL, which is "not known"."""
    op.add_column("finding_resources", Column("owner_tag", Unicode(256)))
    op.add_column("finding_states", Column("owner", Unicode(320)))
    op.add_column("finding_states", Column("due_on", Date))
    op.add_column("finding_states", Column("note", Unicode(1000)))
