"""Decide when a query may be sent so that Azure's sliding quota windows never overflow: pure arithmetic.

The windows belong to the customer's tenant and are shared with its own users. A query that does not fit now gets
a reservation at a known time, so that each worker retries once and finds room.

https://learn.microsoft.com/azure/cost-management-billing/costs/manage-automation
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class QuotaWindow:
    """At most `limit` in any `seconds`; `name` is Azure's, in the header that reports what is left."""

    name: str
    seconds: float
    limit: int


QUERY_UNITS = (
    QuotaWindow("QueriesPer10Sec", 10, 12),
    QuotaWindow("QueriesPerMin", 60, 60),
    QuotaWindow("QueriesPerHour", 3600, 600),
)
"""A tenant's windows in query units, shortest first."""

REQUESTS_OF_USER = QuotaWindow("requests of a user", 60, 20)
REQUESTS_OF_SCOPE = QuotaWindow("requests of a scope", 60, 4)
"""Requests per user and per subscription."""

MARGIN_SECONDS = 0.5
"""Added to each window: a query may travel faster than the one before it."""

MAX_IN_PLACE_SECONDS = 3.0
"""A worker sleeps up to this long for its reservation; for a longer wait it postpones the work."""

HORIZON_SECONDS = 600.0
"""Reservations reach ten minutes ahead. Work beyond that retries at the horizon."""

MAX_RESERVATIONS = 200
RESERVATION_GRACE_SECONDS = 60.0
"""How long a reservation is kept for a late worker."""

MAX_THROTTLE_SECONDS = 3600.0 + RESERVATION_GRACE_SECONDS
"""Azure's longest window is an hour: a later time comes from a wrong clock."""

CONGESTED_SECONDS, CONGESTED_UNITS, CONGESTED_REFUSALS = 300.0, 30, 2
"""Congested: others used a tenth of the tenant's units in five minutes, or so many refusals came in a row."""

MIN_BACKOFF_SECONDS = (0.0, 15.0, 60.0, 120.0, 300.0)
"""Minimum wait by the number of refusals in a row: hints of 1, 3 and 12 s were seen to be too short."""


@dataclass(frozen=True)
class QuotaUse:
    """Units used at a time (seconds of Azure's clock) by a query about `scope`; '' is use by others."""

    at: float
    units: int
    scope: str = ""


@dataclass(frozen=True)
class Reservation(QuotaUse):
    """A future use; `work` names the step or job that holds it."""

    work: str = ""


@dataclass(frozen=True)
class QuotaRequest:
    """A query to be sent: the step or job that sends it, its subscription and its cost in units."""

    work: str
    scope: str
    units: int


@dataclass(frozen=True)
class QuotaState:
    """One tenant's quota: the uses of the last hour and the reservations to come, both oldest first.

    `closed_until` (for single scopes `scopes_closed`) is the time until which Azure refuses queries; `refusals`
    counts the refusals in a row.
    """

    uses: tuple[QuotaUse, ...] = ()
    reservations: tuple[Reservation, ...] = ()
    closed_until: float = 0.0
    scopes_closed: tuple[tuple[str, float], ...] = ()
    refusals: int = 0


def reserve(state: QuotaState, now: float, request: QuotaRequest) -> tuple[QuotaState, float]:
    """Return the state after this request and the seconds to wait before the next try; 0.0: send the query now.

    A reservation is kept until its time. One whose room was used by others moves to the end of the queue.
    """
    state = current(state, now)
    others = tuple(each for each in state.reservations if each.work != request.work)
    mine = next((each for each in state.reservations if each.work == request.work), None)
    opens = _scope_opens(state, now, request.scope)
    if opens - now > MAX_IN_PLACE_SECONDS:  # Only this scope has to wait: it must not hold up the others.
        return replace(state, reservations=others), opens - now
    at = mine.at if mine else _first_slot(state, others, now, request)
    if at <= now:
        at = max(opens, _earliest(state.uses, max(now, state.closed_until), request.units))
        at = at if at - now <= MAX_IN_PLACE_SECONDS else _end_of_queue(state, others, now, request.units)
    if at <= now:
        return replace(state, uses=(*state.uses, QuotaUse(now, request.units, request.scope)), reservations=others), 0.0
    if at - now > HORIZON_SECONDS or len(others) >= MAX_RESERVATIONS:
        return replace(state, reservations=others), min(at - now, HORIZON_SECONDS)
    reserved = Reservation(at, request.units, request.scope, request.work)
    reservations = sorted((*others, reserved), key=lambda each: each.at)
    return replace(state, reservations=tuple(reservations)), at - now


def after_response(
    state: QuotaState, sent_at: float, request: QuotaRequest, consumed: int | None, left: Mapping[str, int]
) -> QuotaState:
    """Return the state after a successful response. Azure's figures replace ours; `left` is by window name."""
    return replace(_counted(state, sent_at, request, consumed, left), refusals=0)


def after_throttle(
    state: QuotaState, now: float, sent_at: float, request: QuotaRequest, seconds: float, left: Mapping[str, int]
) -> QuotaState:
    """Return the state after a refusal, which used no units: closed for `seconds`, longer after repeated refusals."""
    longer = MIN_BACKOFF_SECONDS[min(state.refusals, len(MIN_BACKOFF_SECONDS) - 1)]
    state = _counted(state, sent_at, request, 0, left)
    until = max(state.closed_until, now + max(seconds, longer))
    return replace(state, closed_until=until, refusals=state.refusals + 1)


def after_scope_throttle(
    state: QuotaState, now: float, sent_at: float, request: QuotaRequest, seconds: float, left: Mapping[str, int]
) -> QuotaState:
    """Return the state after a refusal that concerns this scope alone; other scopes continue."""
    state = _counted(state, sent_at, request, 0, left)
    others = tuple(closed for closed in state.scopes_closed if closed[0] != request.scope)
    return replace(state, scopes_closed=(*others, (request.scope, now + seconds)))


def _counted(
    state: QuotaState, sent_at: float, request: QuotaRequest, consumed: int | None, left: Mapping[str, int]
) -> QuotaState:
    """Set the units that the query used, and align all uses with Azure's counts."""
    units = request.units if consumed is None else consumed
    ours = QuotaUse(sent_at, request.units, request.scope)
    uses = [replace(use, units=units) if use == ours else use for use in state.uses]
    return replace(state, uses=aligned(uses, sent_at, left))


def is_congested(state: QuotaState, now: float) -> bool:
    """Whether others use so much that a query as large as a whole window may never fit."""
    others = sum(use.units for use in current(state, now).uses if not use.scope and use.at > now - CONGESTED_SECONDS)
    return others >= CONGESTED_UNITS or state.refusals >= CONGESTED_REFUSALS


def closed(state: QuotaState, until: float) -> QuotaState:
    """Return the state closed until that time."""
    return replace(state, closed_until=max(state.closed_until, until))


def without_reservations(state: QuotaState) -> QuotaState:
    """Return the state without reservations; their holders make new ones when they retry."""
    return replace(state, reservations=())


def current(state: QuotaState, now: float) -> QuotaState:
    """Return the state without uses that no window counts any more and without impossible times of a wrong clock."""
    oldest, latest = now - QUERY_UNITS[-1].seconds - MARGIN_SECONDS, now + HORIZON_SECONDS + RESERVATION_GRACE_SECONDS
    return replace(
        state,
        uses=tuple(use for use in state.uses if oldest < use.at <= latest),
        reservations=tuple(each for each in state.reservations if now - RESERVATION_GRACE_SECONDS < each.at <= latest),
        closed_until=state.closed_until if state.closed_until <= now + MAX_THROTTLE_SECONDS else 0.0,
        scopes_closed=tuple(closed for closed in state.scopes_closed if now < closed[1] <= now + MAX_THROTTLE_SECONDS),
    )


def aligned(uses: Sequence[QuotaUse], at: float, left: Mapping[str, int]) -> tuple[QuotaUse, ...]:
    """Return the uses as Azure counted them at that time; `left` is what each window had left, by its name.

    Units that only Azure counts were used by others, as late as possible; units that only we count were never
    used. Later uses stay as they are.
    """
    settled: list[QuotaUse] = [use for use in uses if use.at > at]
    counted, latest = 0, at
    for window in QUERY_UNITS:
        if window.name in left:
            band = [use for use in uses if at - window.seconds < use.at <= latest]
            fitted = _fitted(band, max(0, window.limit - left[window.name] - counted), latest)
            settled = [*fitted, *settled]
            counted += sum(use.units for use in fitted)
            latest = at - window.seconds
    return (*(use for use in uses if use.at <= latest), *settled)


def _fitted(band: Sequence[QuotaUse], wanted: int, latest: float) -> list[QuotaUse]:
    """Return uses of a time band that add up to `wanted`: the newest are kept, or one of others is added."""
    fitted: list[QuotaUse] = []
    for use in reversed(band):
        units = min(use.units, wanted)
        wanted -= units
        fitted.insert(0, replace(use, units=units))
    return [*fitted, QuotaUse(latest, wanted)] if wanted else fitted


def _first_slot(state: QuotaState, others: Sequence[Reservation], now: float, request: QuotaRequest) -> float:
    """Return `now` if that delays no reservation, else the end of the queue."""
    return now if _fits_now(state, others, now, request) else _end_of_queue(state, others, now, request.units)


def _fits_now(state: QuotaState, others: Sequence[Reservation], now: float, request: QuotaRequest) -> bool:
    if _earliest(state.uses, max(now, state.closed_until), request.units) > now:
        return False
    before: list[QuotaUse] = list(state.uses)
    asked = QuotaUse(now, request.units, request.scope)
    for each in others:
        delayed, planned = (_earliest(uses, each.at, each.units) for uses in ([*before, asked], before))
        if delayed > planned + MAX_IN_PLACE_SECONDS:
            return False
        before.append(each)
    return True


def _end_of_queue(state: QuotaState, others: Sequence[Reservation], now: float, units: int) -> float:
    """Return the first time after all other reservations at which the units fit."""
    start = max(now, state.closed_until, others[-1].at if others else now)
    return _earliest([*state.uses, *others], start, units)


def _earliest(uses: Sequence[QuotaUse], start: float, units: int) -> float:
    """Return the first time from `start` on at which the units fit into every window."""
    spent = [(use.at, use.units) for use in uses]
    asked = [(use.at, 1) for use in uses if use.scope]
    times = [_window_opens(spent, window, units, start) for window in QUERY_UNITS]
    return max(*times, _window_opens(asked, REQUESTS_OF_USER, 1, start))


def _scope_opens(state: QuotaState, now: float, scope: str) -> float:
    asked = [(use.at, 1) for use in state.uses if use.scope == scope]
    return max(_window_opens(asked, REQUESTS_OF_SCOPE, 1, now), dict(state.scopes_closed).get(scope, now))


def _window_opens(amounts: Iterable[tuple[float, int]], window: QuotaWindow, amount: int, start: float) -> float:
    """Return the first time from `start` on at which `amount`, at most the whole window, fits into the window."""
    room = window.limit - min(amount, window.limit)
    for at, used in sorted(amounts, reverse=True):
        room -= used
        if room < 0:
            return max(start, at + window.seconds + MARGIN_SECONDS)
    return start
