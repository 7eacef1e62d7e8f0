"""Retention at the desk: whether the nightly timer runs, what it deleted, what comes next."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from shared.core.deletions import DeletionScope
from shared.core.periods import RETENTION_MONTHS, RETENTION_NOTICE_DAYS
from shared.sql.deletion.purge_runs import LOOKING_BACK, PurgeRun, RetentionOverview, retention_overview
from shared.wiring import Services
from web.desk.access import require_operator
from web.desk.queue import span
from web.http.messages import Request, Response
from web.rendering.pages import render

LATE_AFTER = timedelta(hours=25)
"""A day, and an hour for a night that begins late."""

DEAD_AFTER = timedelta(hours=1)
"""How long a run may take before it is held to have died: the host ends a function long before."""

SCOPE_WORDS = {
    DeletionScope.FINDINGS: "Findings",
    DeletionScope.SCAN: "One scan",
    DeletionScope.USER: "One user",
    DeletionScope.CUSTOMER: "Whole customer",
}


def desk_retention(request: Request, services: Services) -> Response:
    """GET /desk/retention."""
    who = require_operator(request, services)
    now = services.clock.now()
    found = retention_overview(services.database, now)
    return render(
        "desk/retention.html",
        operator=who,
        overview=found,
        alarm=alarm(found.runs, now),
        runs=[(run, *run_words(run, now, is_newest=run is found.runs[0])) for run in found.runs],
        names=services.customers.names(concerned(found)),
        scope_words=SCOPE_WORDS,
        retention_months=RETENTION_MONTHS,
        notice_days=RETENTION_NOTICE_DAYS,
        looking_back=LOOKING_BACK.days,
        days_to=lambda day: days_to(day, now.date()),
    )


def concerned(overview: RetentionOverview) -> list[str]:
    """The tenants that the page names and that may have users still."""
    coming = [tenant for tenants in overview.coming.values() for tenant in tenants]
    return sorted({*overview.overdue, *coming, *(one.tenant_id for one in overview.deleted)})


def alarm(runs: Sequence[PurgeRun], now: datetime) -> str | None:
    """What is wrong with the timer; None when it runs as it should."""
    if not runs:
        return "The timer has never run."
    ended = next((run for run in runs if run.finished_at), None)
    if now - runs[0].started_at > LATE_AFTER:
        return f"The timer has not run for {span(now - runs[0].started_at)}."
    if ended is None or now - ended.started_at > LATE_AFTER:
        return "No run of the last day has come to its end."
    return None


def run_words(run: PurgeRun, now: datetime, *, is_newest: bool) -> tuple[str, str]:
    """How a run ended, and its tone."""
    if run.finished_at is not None:
        return f"ended after {took(run.finished_at - run.started_at)}", "good"
    if is_newest and now - run.started_at <= DEAD_AFTER:
        return "under way", "busy"
    return "did not come to its end", "bad"


def took(length: timedelta) -> str:
    """`12 s`, `3 min`."""
    seconds = int(length.total_seconds())
    return f"{seconds} s" if seconds < 60 else span(length)


def days_to(day: date, today: date) -> str:
    """`tomorrow`, `in 5 days`."""
    days = (day - today).days
    return "tomorrow" if days == 1 else f"in {days} days"
