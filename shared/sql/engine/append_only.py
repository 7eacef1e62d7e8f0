"""What keeps the activity log append-only, in the words of each database.

On SQL Server no principal may update or delete. Only the procedure may delete, through the ownership that it shares
with the table; it minds the age by the server's own clock, the size of a batch, and whether the customer has a scan.
https://learn.microsoft.com/sql/relational-databases/tutorial-ownership-chains-and-context-switching

SQLite has neither permissions nor procedures: triggers refuse, unless the same transaction has written down up to
when entries may be deleted. Their age is counted from the latest day for which a purge run is on record, not from the
clock: a run may be for another day than today (`python3 -m local purge --as-of`). A false day does not go unnoticed,
because the run that names it stays on record; the owner of the file can remove the triggers, as with any SQLite file.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import DDL

from shared.core.periods import AUDIT_MONTHS

MAX_BATCH_ROWS = 4_000
"""What one call may delete: at 5,000 locks SQL Server locks the whole table instead."""

TOO_YOUNG = 50_002
"""The procedure's own error: the entries are too young, or too many at once."""

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

CUTOFF_AGE = f"""
CREATE TRIGGER audit_cutoffs_age BEFORE INSERT ON audit_cutoffs
WHEN NOT EXISTS (
  SELECT 1 FROM purge_runs
  WHERE NEW.cutoff <= strftime('%Y-%m-%d 00:00:00.000000', as_of, '-{AUDIT_MONTHS} months')
)
BEGIN SELECT RAISE(ABORT, 'entries of the audit log are kept for {AUDIT_MONTHS} months'); END
"""  # noqa: S608  constants

CUTOFF_NO_UPDATE = """
CREATE TRIGGER audit_cutoffs_no_update BEFORE UPDATE ON audit_cutoffs
BEGIN SELECT RAISE(ABORT, 'a cutoff of the audit log is not moved'); END
"""

PROCEDURE = f"""
CREATE PROCEDURE dbo.delete_audit_events @before datetime2(6), @most int AS
BEGIN
  SET NOCOUNT ON;
  IF @before > DATEADD(month, -{AUDIT_MONTHS}, SYSUTCDATETIME()) OR @most > {MAX_BATCH_ROWS}
    THROW {TOO_YOUNG}, N'at most {MAX_BATCH_ROWS} entries at once, older than {AUDIT_MONTHS} months', 1;
  DELETE TOP (@most) FROM dbo.audit_events
  WHERE occurred_at < @before
    AND NOT EXISTS (SELECT 1 FROM dbo.scans WHERE scans.tenant_id = audit_events.tenant_id);
  SELECT @@ROWCOUNT AS deleted;
END
"""  # noqa: S608  constants


def after_create(*triggers: str) -> list[tuple[str, Callable[..., Any]]]:
    """What a table runs once it is created, on SQLite alone: these triggers."""
    guards = (DDL(_escaped(text)).execute_if(dialect="sqlite") for text in triggers)  # type: ignore[no-untyped-call]
    return [("after_create", guard) for guard in guards]


def never_changed(table: str) -> list[tuple[str, Callable[..., Any]]]:
    """The same for a table whose rows are neither changed nor deleted."""
    return after_create(*(no_change(table, change) for change in ("UPDATE", "DELETE")))


def no_change(table: str, change: str) -> str:
    """The trigger that refuses one kind of change to a table."""
    return (
        f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )


def _escaped(text: str) -> str:
    """DDL reads a percent sign as the beginning of one of its own values."""
    return text.strip().replace("%", "%%")
