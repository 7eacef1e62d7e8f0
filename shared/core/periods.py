"""Calendar months and cut-off days, always in UTC."""

import calendar
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

COST_MONTHS = 12
"""How many complete calendar months of cost one scan reads."""

RETENTION_MONTHS = 12
"""How long scan data is kept after the customer's most recent scan."""

RETENTION_NOTICE_DAYS = 30
"""How long before the deletion the customer is notified."""

AUDIT_MONTHS = 12
"""How long an activity log entry is kept, at least; it stays while the customer has a scan."""

BACKUP_RETENTION_DAYS = 7
"""How long a backup with deleted rows can be restored; bicep/ sets the same value."""

LOG_RETENTION_DAYS = 90
"""How long Log Analytics keeps log lines, traces and metrics; bicep/monitoring.bicep sets the same value."""

API_TOKEN_DAYS = 90
"""The longest time for which an API token is valid."""

EXPORT_HOURS = 24
"""How long a built file is kept."""

DELETION_LOG_DAYS = 90
"""How long the identifiers of a deletion are kept outside of the database: longer than any backup of it, 35 days at
most."""

FLOW_MINUTES = 10
"""How long a sign-in that was started can be completed."""

SESSION_HOURS = 8
"""How long a session lasts at most, of customers and of reviewers."""

QUEUED_MESSAGE_DAYS = 14
"""How long a message waits in a queue at most, and as long again after it was dead-lettered."""

MAIL_CONFIRMATION_HOURS = 24
"""How long an email address waits for its confirmation."""

REVIEW_WINDOW_HOURS = 24
"""How long after a scan a reviewer may read more data and write findings."""

REVIEW_DUE_SOON_HOURS = 4
"""How long before the end of the review window the reviewer is reminded."""

MAX_TOKEN_MINUTES = 60
"""An access token that can be challenged lives for up to 28 hours. We renew ours after an hour, which shows whether
the consent still holds.

https://learn.microsoft.com/entra/identity/conditional-access/concept-continuous-access-evaluation
"""


def add_months(day: date, months: int) -> date:
    """Return the same day `months` later, or that month's last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last_day = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last_day))


@dataclass(frozen=True)
class BillingPeriod:
    """Whole months from `start` (the first day of a month) to `end` (exclusive)."""

    start: date
    end: date

    @property
    def months(self) -> tuple[date, ...]:
        """Return the first day of each month, oldest first."""
        count = (self.end.year - self.start.year) * 12 + self.end.month - self.start.month
        return tuple(add_months(self.start, number) for number in range(count))

    def divided(self, pieces: int) -> "tuple[BillingPeriod, ...]":
        """Divide the period into `pieces` of whole months, as equal in length as possible."""
        months = len(self.months)
        cuts = [add_months(self.start, months * number // pieces) for number in range(pieces + 1)]
        return tuple(BillingPeriod(start, end) for start, end in pairwise(cuts) if start < end)


def last_complete_months(today: date, count: int = COST_MONTHS) -> BillingPeriod:
    """Return the last `count` calendar months that had ended by `today`."""
    end = today.replace(day=1)
    return BillingPeriod(add_months(end, -count), end)


def deletion_due_on(most_recent_scan: date) -> date:
    """Return the day on which a customer's scan data is deleted."""
    return add_months(most_recent_scan, RETENTION_MONTHS)
