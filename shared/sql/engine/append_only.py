"""What keeps the audit log append-only, in the words of each database.

On SQL Server no principal may update or delete; only the procedure may delete, through the
ownership that it shares with the table, and it takes entries of customers without a scan
only. SQLite has no permissions: triggers refuse, unless the same transaction has written
down up to when entries may go.
https://learn.microsoft.com/sql/relational-databases/tutorial-ownership-chains-and-context-switching
"""

from sqlalchemy import DDL, ExecutableDDLElement

NO_UPDATE = """
CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
"""

NO_DELETE = """
CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events
WHEN NOT EXISTS (SELECT 1 FROM audit_cutoffs WHERE OLD.occurred_at < cutoff)
  OR EXISTS (SELECT 1 FROM scans WHERE scans.tenant_id = OLD.tenant_id)
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
"""

SQLITE_GUARDS: tuple[ExecutableDDLElement, ...] = tuple(
    DDL(text.strip()).execute_if(dialect="sqlite")  # type: ignore[no-untyped-call]
    for text in (NO_UPDATE, NO_DELETE)
)

PROCEDURE = """
CREATE PROCEDURE delete_audit_events @before datetime2(6), @most int AS
BEGIN
  SET NOCOUNT ON;
  DELETE TOP (@most) FROM audit_events
  WHERE occurred_at < @before
    AND NOT EXISTS (SELECT 1 FROM scans WHERE scans.tenant_id = audit_events.tenant_id);
  SELECT @@ROWCOUNT AS deleted;
END
"""

DENY = "DENY UPDATE, DELETE ON OBJECT::dbo.audit_events TO public"
"""`public` is every principal except the owner, the app's identity included."""
