"""The same mail about a deletion may go to several people, once to each.

Safe beside the running code: the new constraint forbids less than the old one.
"""

from alembic import op

revision = "0008"
down_revision = "0007"

OLD = "uq_outbox_tenant_id_scan_id_kind"
NEW = "uq_outbox_tenant_id_scan_id_kind_recipient"


def upgrade() -> None:
    """One constraint for another."""
    with op.batch_alter_table("outbox", naming_convention={"uq": "uq_%(table_name)s_%(column_0_N_name)s"}) as batch:
        batch.drop_constraint(OLD, type_="unique")
        batch.create_unique_constraint(NEW, ["tenant_id", "scan_id", "kind", "recipient"])
