"""The limits on how often something may be asked for: one table, which docs/limits.md and the refusals come from."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.core.errors import TooManyRequests
from shared.core.formats import moment


class LimitScope(StrEnum):
    """Whose requests are counted together."""

    USER = "each user"
    CUSTOMER = "each customer"
    ADDRESS = "each caller address"
    MAILBOX = "each email address"


@dataclass(frozen=True)
class Limit:
    """At most `number` requests in any `period` (sliding). `name` is the partition of its records.

    `counts` says what is counted, for the documents; `refusal` is the heading of the 429 page.
    """

    name: str
    scope: LimitScope
    number: int
    period: timedelta
    counts: str
    refusal: str

    def recent(self, moments: Sequence[datetime], now: datetime) -> list[datetime]:
        """Return those of the moments that still count, oldest first."""
        return sorted(moment for moment in moments if moment > now - self.period)

    def check(self, moments: Sequence[datetime], now: datetime) -> None:
        """Raise TooManyRequests, with the moment from which one more is accepted, if the limit is used up."""
        counted = self.recent(moments, now)
        if len(counted) < self.number:
            return
        free_at = counted[-self.number] + self.period
        raise self.refused(free_at, now)

    def refused(self, free_at: datetime, now: datetime) -> TooManyRequests:
        """Return the error that says when to come back."""
        seconds = max(1, math.ceil((free_at - now).total_seconds()))
        shown = now + timedelta(seconds=seconds)
        up_to_a_minute = shown.replace(second=0, microsecond=0) + timedelta(minutes=1)
        return TooManyRequests(self.refusal, f"Try again at {moment(up_to_a_minute)}.", seconds)


SCANS_AFTER_A_COMPLETE_ONE = Limit(
    "scan-again",
    LimitScope.USER,
    1,
    timedelta(hours=1),
    "New scans after a complete one. A partial, blocked, failed or cancelled scan can be repeated at once.",
    "Your last scan is complete and less than an hour old",
)
SCANS_PER_CUSTOMER = Limit(
    "scans-a-day",
    LimitScope.CUSTOMER,
    20,
    timedelta(days=1),
    "Scans started, by all users of a customer together, deleted ones included.",
    "Your organisation has started its 20 scans of the last 24 hours",
)
SIGN_IN_STARTS = Limit(
    "sign-ins",
    LimitScope.ADDRESS,
    30,
    timedelta(minutes=10),
    "Sign-ins, consents and administrator approvals started, of customers and reviewers together.",
    "Too many sign-ins were started from your network",
)
DOWNLOADS = Limit(
    "downloads",
    LimitScope.USER,
    60,
    timedelta(hours=1),
    "Downloads of stored data and of the activity log, each part of a download counted; also by our administrators.",
    "You have started 60 downloads in the last hour",
)

MAIL_ADDRESSES = Limit(
    "mail-addresses",
    LimitScope.USER,
    5,
    timedelta(days=1),
    "Confirmation links for email addresses, sent on behalf of a user.",
    "You have asked for 5 confirmation links in the last 24 hours",
)
MAILS_TO_AN_ADDRESS = Limit(
    "mails-to-an-address",
    LimitScope.MAILBOX,
    3,
    timedelta(days=1),
    "Confirmation links sent to an email address, by all users together.",
    "We have sent 3 confirmation links to this address in the last 24 hours",
)

API_REQUESTS = Limit(
    "api-requests",
    LimitScope.USER,
    300,
    timedelta(hours=1),
    "Requests to the API, by all tokens of a user together.",
    "Your tokens have made 300 requests in the last hour",
)

LIMITS = (
    *(SCANS_AFTER_A_COMPLETE_ONE, SCANS_PER_CUSTOMER, SIGN_IN_STARTS, DOWNLOADS),
    *(MAIL_ADDRESSES, MAILS_TO_AN_ADDRESS),
)

SCANS_RUNNING_PER_USER = 1
"""Held by the database: a unique index over the scans that have not finished."""
