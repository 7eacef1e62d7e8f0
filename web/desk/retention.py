"""The retention page: the nightly timer, past deletions and upcoming ones."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from shared.core.deletions import DeletionReason, DeletionScope
from shared.core.periods import RETENTION_MONTHS, RETENTION_NOTICE_DAYS
from shared.sql.deletion.purge_runs import LOOKING_BACK, PurgeRun, RetentionOverview, retention_overview
from shared.wiring import Services
from web.desk.access import require_operator
from web.desk.queue import span
from web.http.messages import Request, Response
from web.rendering.pages import render

LATE_AFTER = timedelta(hours=25)
"""A day, and an hour of tolerance."""

TIMED_OUT_AFTER = timedelta(hours=1)
"""A run without a result after this time has failed: the host ends a function much earlier."""

SCOPE_LABELS = {
    DeletionScope.FINDINGS: "Findings only",
    DeletionScope.SCAN: "One scan",
    DeletionScope.USER: "One user",
    DeletionScope.CUSTOMER: "Whole customer",
}

REASON_LABELS = {
    DeletionReason.RETENTION: "Retention period ended",
    DeletionReason.CUSTOMER: "Requested by the customer",
    DeletionReason.OPERATOR: "Requested by email, deleted by an operator",
}


def desk_retention(request: Request, services: Services) -> Response:
    """GET /desk/retention."""
    who = require_operator(request, services)
    now = services.clock.now()
    found = retention_overview(services.database, services.receipts, now)
    return render(
        "desk/retention.html",
        operator=who,
        overview=found,
        alarm=alarm(found.runs, now),
        runs=[(run, *result_of(run, now, is_newest=run is found.runs[0])) for run in found.runs],
        names=services.customers.names(tenants_of(found)),
        scope_labels=SCOPE_LABELS,
        reason_labels=REASON_LABELS,
        retention_months=RETENTION_MONTHS,
        notice_days=RETENTION_NOTICE_DAYS,
        looking_back=LOOKING_BACK.days,
        days_to=lambda day: days_to(day, now.date()),
    )


def tenants_of(overview: RetentionOverview) -> list[str]:
    """Return the ids of the tenants on the page."""
    coming = [tenant for tenants in overview.coming.values() for tenant in tenants]
    return sorted({*overview.overdue, *coming})


def alarm(runs: Sequence[PurgeRun], now: datetime) -> str | None:
    """Return what is wrong with the timer; None if it runs as expected."""
    if not runs:
        return "The nightly timer has never run."
    ended = next((run for run in runs if run.finished_at), None)
    if now - runs[0].started_at > LATE_AFTER:
        return f"The nightly timer has not run for {span(now - runs[0].started_at)}."
    if ended is None or now - ended.started_at > LATE_AFTER:
        return "No run of the nightly timer finished in the last day."
    return None


def result_of(run: PurgeRun, now: datetime, *, is_newest: bool) -> tuple[str, str]:
    """Return the result of a run and its CSS class."""
    if run.finished_at is not None:
        return f"Finished after {duration(run.finished_at - run.started_at)}", "good"
    if is_newest and now - run.started_at <= TIMED_OUT_AFTER:
        return "In progress", "busy"
    return "Did not finish", "bad"


def duration(length: timedelta) -> str:
    """Format a duration: `12 s`, `3 min`."""
    seconds = length // timedelta(seconds=1)
    return f"{seconds} s" if seconds < 60 else span(length)


def days_to(day: date, today: date) -> str:
    """Format the time until a day: `tomorrow`, `in 5 days`."""
    days = (day - today).days
    return "tomorrow" if days == 1 else f"in {days} days"
