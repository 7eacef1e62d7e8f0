"""A user has at most one running scan: of those that run now, the newest stays and the others are cancelled."""

from alembic import op
from sqlalchemy import text

revision = "0006"
down_revision = "0005"

IS_RUNNING = "status IN ('requested', 'collecting', 'finishing')"

CANCEL_OLDER = f"""
UPDATE scans SET status = 'cancelled', status_reason = 'A newer scan was started.', finished_at = requested_at
WHERE {IS_RUNNING} AND EXISTS (
    SELECT 1 FROM scans AS newer
    WHERE newer.tenant_id = scans.tenant_id AND newer.user_object_id = scans.user_object_id
    AND newer.status IN ('requested', 'collecting', 'finishing')
    AND (
        newer.requested_at > scans.requested_at
        OR (newer.requested_at = scans.requested_at AND newer.scan_id > scans.scan_id)
    )
)
"""  # noqa: S608  constants


def upgrade() -> None:
    """Cancel the older of several running scans of a user, then create the index."""
    op.execute(CANCEL_OLDER)
    op.create_index(
        "ix_scans_running",
        "scans",
        ["tenant_id", "user_object_id"],
        unique=True,
        sqlite_where=text(IS_RUNNING),
        mssql_where=text(IS_RUNNING),
    )
