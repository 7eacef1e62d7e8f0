"""The activity log's guards mind the age of what is deleted themselves."""

from alembic import op

revision = "0003"
down_revision = "0002"

CUTOFF_AGE = """
CREATE TRIGGER audit_cutoffs_age BEFORE INSERT ON audit_cutoffs
WHEN NOT EXISTS (
  SELECT 1 FROM purge_runs
  WHERE NEW.cutoff <= strftime('%Y-%m-%d 00:00:00.000000', as_of, '-12 months')
)
BEGIN SELECT RAISE(ABORT, 'entries of the audit log are kept for 12 months'); END
"""

CUTOFF_NO_UPDATE = """
CREATE TRIGGER audit_cutoffs_no_update BEFORE UPDATE ON audit_cutoffs
BEGIN SELECT RAISE(ABORT, 'a cutoff of the audit log is not moved'); END
"""

PROCEDURE = """
CREATE PROCEDURE dbo.delete_audit_events @before datetime2(6), @most int AS
BEGIN
  SET NOCOUNT ON;
  IF @before > DATEADD(month, -12, SYSUTCDATETIME()) OR @most > 4000
    THROW 50002, N'at most 4000 entries at once, older than 12 months', 1;
  DELETE TOP (@most) FROM dbo.audit_events
  WHERE occurred_at < @before
    AND NOT EXISTS (SELECT 1 FROM dbo.scans WHERE scans.tenant_id = audit_events.tenant_id);
  SELECT @@ROWCOUNT AS deleted;
END
"""

GRANT = """
IF DATABASE_PRINCIPAL_ID(N'caleta_purge') IS NOT NULL GRANT EXECUTE ON OBJECT::dbo.delete_audit_events TO caleta_purge
"""
"""A procedure that is created again has lost its permissions; the roles follow the migrations, but minutes later."""


def upgrade() -> None:
    """Replace the procedure, or add the triggers on what opens the way out."""
    if op.get_context().dialect.name == "sqlite":
        op.execute(CUTOFF_AGE.strip())
        op.execute(CUTOFF_NO_UPDATE.strip())
        return
    op.execute("DROP PROCEDURE dbo.delete_audit_events")
    op.execute(PROCEDURE.strip())
    op.execute(GRANT.strip())
