"""Share the night among the customers whose data is due: no large customer keeps the others waiting.

Each gets an equal part of the time that is left, those that have waited longest first. What a customer's share does
not suffice for goes to the queue of deletions, whose workers go on at once. The next night finds it in the ledger.
"""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from shared.core.audit import SYSTEM, Action, AuditEvent
from shared.core.clock import Clock
from shared.core.deletions import Deletion
from shared.core.periods import RETENTION_MONTHS
from shared.deletion.service import run_and_requeue
from shared.observability.events import Event
from shared.observability.work_log import log_event
from shared.wiring import Services

log = logging.getLogger(__name__)

DELETING_SECONDS = 1200.0
"""For all customers together: two thirds of functionTimeout in host.json, at which the host ends the run."""

TAKES_TOO_LONG = timedelta(days=1)
"""A deletion that is unfinished after a whole day will not end by itself: an alert."""

RETENTION_ENDED = f"{RETENTION_MONTHS} months have passed since the most recent scan."

Work = Callable[[float], Deletion | None]


@dataclass
class Night:
    """What was deleted. `resumed` counts deletions that began earlier, `customers` those that began tonight.

    `waiting` counts those that the time did not suffice for, `late` the unfinished ones that began over a day ago.
    """

    rows: Counter[str] = field(default_factory=Counter)
    resumed: int = 0
    customers: int = 0
    waiting: int = 0
    late: int = 0


def delete_due(services: Services, today: date) -> Night:
    """Delete what is due by `today`, and what earlier deletions have left; raise an alert if that cannot be done."""
    night = Night()
    unfinished = services.deletions.unfinished()
    night.resumed = len(unfinished)
    work: list[Work] = [partial(_resume, services, night, deletion) for deletion in unfinished]
    work += [partial(_purge_customer, services, night, tenant, today) for tenant in services.retention_due.by(today)]
    ends = services.clock.now() + timedelta(seconds=DELETING_SECONDS)
    for number, run in enumerate(work):
        left = (ends - services.clock.now()).total_seconds()
        if left <= 0:
            night.waiting = len(work) - number
            break
        _note(night, run(left / (len(work) - number)), services.clock.now())
    if night.waiting or night.late:
        about = {"waiting": night.waiting, "late": night.late}
        log_event(log, Event.PURGE_UNFINISHED, alert="purge-unfinished", level=logging.ERROR, about=about)
    return night


def _note(night: Night, ended: Deletion | None, now: datetime) -> None:
    if ended is not None and not ended.is_done and ended.requested_at <= now - TAKES_TOO_LONG:
        night.late += 1


def _resume(services: Services, night: Night, deletion: Deletion, seconds: float) -> Deletion:
    ended = run_and_requeue(services, deletion, seconds)
    night.rows += Counter(ended.counts) - Counter(deletion.counts)
    return ended


def _purge_customer(services: Services, night: Night, tenant_id: str, today: date, seconds: float) -> Deletion | None:
    """Delete one customer's data; None if the customer has scanned again or another run was first."""
    at = moment(services.clock, today)
    event = AuditEvent(at, tenant_id, SYSTEM, Action.DELETION_REQUESTED, reason=RETENTION_ENDED)
    has_mail = bool(services.settings.mail_sender)
    deletion = services.deletions.ask_if_due(tenant_id, today, event, notify=has_mail)
    if deletion is None:
        return None
    ended = run_and_requeue(services, deletion, seconds)
    log_event(log, Event.CUSTOMER_PURGED, tenant=tenant_id, rows=ended.rows, tables=dict(ended.counts))
    night.customers += 1
    night.rows += Counter(ended.counts)
    return ended


def moment(clock: Clock, today: date) -> datetime:
    """Return now, or the start of `today` if that is later."""
    return max(clock.now(), datetime.combine(today, time.min, UTC))
