"""When a query may be sent so that Azure's sliding windows never overflow: arithmetic, without a clock or a store.

The windows belong to a customer's tenant and are shared with its own people. Who finds no room gets a
turn: a place in the line, at a moment that is known, so that everybody comes back once and nobody in vain.

https://learn.microsoft.com/azure/cost-management-billing/costs/manage-automation
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Window:
    """At most `most` in any `seconds`; `name` is Azure's, in the header that says what is left of it."""

    name: str
    seconds: float
    most: int


QUERY_UNITS = (Window("QueriesPer10Sec", 10, 12), Window("QueriesPerMin", 60, 60), Window("QueriesPerHour", 3600, 600))
"""Of a tenant, in query units: shortest first."""

REQUESTS_OF_USER = Window("requests of a user", 60, 20)
REQUESTS_OF_SCOPE = Window("requests of a scope", 60, 4)
"""Of one subscription."""

MARGIN = 0.5
"""Seconds that a window is taken to be longer than it is: one query may travel faster than the one before it."""

IN_PLACE = 3.0
"""Up to this many seconds a turn that has come is waited for, by a worker that sleeps; longer ones are given up."""

HORIZON = 600.0
"""Turns are given for ten minutes ahead; who would be later comes back then, and finds what has changed."""

MOST_TURNS = 200
HELD_FOR = 60.0
"""Seconds that a turn is kept for somebody who is late."""

LONGEST_REFUSAL = 3600.0 + HELD_FOR
"""No window of Azure's is longer than an hour: a moment later than that is another clock's."""

CROWDED_SECONDS, CROWDED_UNITS, CROWDED_REFUSALS = 300.0, 30, 2
"""A tenth of what the tenant has in five minutes, by others; or so many refusals in a row."""

TOO_SHORT = (0.0, 15.0, 60.0, 120.0, 300.0)
"""Seconds to wait at least after so many refusals in a row: hints of 1, 3 and 12 s were seen to be followed by more."""


@dataclass(frozen=True)
class Use:
    """So many units at a moment (seconds of Azure's time) by a query about `scope`; '' is somebody else's."""

    at: float
    units: int
    scope: str = ""


@dataclass(frozen=True)
class Turn(Use):
    """A use to come; `work` tells whose it is."""

    work: str = ""


@dataclass(frozen=True)
class Ask:
    """A query that wants to be sent: by which piece of work, about what, and what it costs."""

    work: str
    scope: str
    units: int


@dataclass(frozen=True)
class Line:
    """What is known of one tenant: the uses of the last hour, and the turns to come, both oldest first.

    `closed_until` (and of single scopes `scopes_closed`) is what a refusal demanded; `refusals` is how many
    came in a row.
    """

    uses: tuple[Use, ...] = ()
    turns: tuple[Turn, ...] = ()
    closed_until: float = 0.0
    scopes_closed: tuple[tuple[str, float], ...] = ()
    refusals: int = 0


def take_turn(line: Line, now: float, ask: Ask) -> tuple[Line, float]:
    """The line after this ask, and the seconds to wait before asking again; 0.0: the query is to be sent now.

    Whoever waits as long as told finds its turn kept. One that others' uses have eaten goes to the end.
    """
    line = current(line, now)
    others = tuple(turn for turn in line.turns if turn.work != ask.work)
    mine = next((turn for turn in line.turns if turn.work == ask.work), None)
    opens = _scope_opens(line, now, ask.scope)
    if opens - now > IN_PLACE:  # Only this scope has to wait: it must not hold up the line.
        return replace(line, turns=others), opens - now
    at = mine.at if mine else _first_place(line, others, now, ask)
    if at <= now:
        at = max(opens, _room(line.uses, max(now, line.closed_until), ask.units))
        at = at if at - now <= IN_PLACE else _end_of_line(line, others, now, ask.units)
    if at <= now:
        return replace(line, uses=(*line.uses, Use(now, ask.units, ask.scope)), turns=others), 0.0
    if at - now > HORIZON or len(others) >= MOST_TURNS:
        return replace(line, turns=others), min(at - now, HORIZON)
    turns = sorted((*others, Turn(at, ask.units, ask.scope, ask.work)), key=lambda turn: turn.at)
    return replace(line, turns=tuple(turns)), at - now


def answered(line: Line, sent_at: float, ask: Ask, consumed: int | None, left: Mapping[str, int]) -> Line:
    """The line after a good answer: Azure's own figures are believed over ours. `left` is by window's name."""
    return replace(_counted(line, sent_at, ask, consumed, left), refusals=0)


def refused(line: Line, now: float, sent_at: float, ask: Ask, seconds: float, left: Mapping[str, int]) -> Line:
    """The line after a refusal that used nothing up: nobody asks for so long, and longer when hints prove too short."""
    longer = TOO_SHORT[min(line.refusals, len(TOO_SHORT) - 1)]
    line = _counted(line, sent_at, ask, 0, left)
    until = max(line.closed_until, now + max(seconds, longer))
    return replace(line, closed_until=until, refusals=line.refusals + 1)


def scope_refused(line: Line, now: float, sent_at: float, ask: Ask, seconds: float, left: Mapping[str, int]) -> Line:
    """The line after a refusal that is about this scope alone: all others may go on."""
    line = _counted(line, sent_at, ask, 0, left)
    others = tuple(closed for closed in line.scopes_closed if closed[0] != ask.scope)
    return replace(line, scopes_closed=(*others, (ask.scope, now + seconds)))


def _counted(line: Line, sent_at: float, ask: Ask, consumed: int | None, left: Mapping[str, int]) -> Line:
    """With what the query did use up, and the whole as Azure counts it."""
    units = ask.units if consumed is None else consumed
    ours = Use(sent_at, ask.units, ask.scope)
    uses = [replace(use, units=units) if use == ours else use for use in line.uses]
    return replace(line, uses=aligned(uses, sent_at, left))


def is_crowded(line: Line, now: float) -> bool:
    """Whether others use so much that a query as large as a whole window may never find it empty."""
    others = sum(use.units for use in current(line, now).uses if not use.scope and use.at > now - CROWDED_SECONDS)
    return others >= CROWDED_UNITS or line.refusals >= CROWDED_REFUSALS


def closed(line: Line, until: float) -> Line:
    """The line at which nobody asks before that moment."""
    return replace(line, closed_until=max(line.closed_until, until))


def without_turns(line: Line) -> Line:
    """The line with everybody sent away; who comes back at its time takes another turn."""
    return replace(line, turns=())


def current(line: Line, now: float) -> Line:
    """The line without what no window remembers, and without moments that cannot be: another clock's."""
    oldest, latest = now - QUERY_UNITS[-1].seconds - MARGIN, now + HORIZON + HELD_FOR
    return replace(
        line,
        uses=tuple(use for use in line.uses if oldest < use.at <= latest),
        turns=tuple(turn for turn in line.turns if now - HELD_FOR < turn.at <= latest),
        closed_until=line.closed_until if line.closed_until <= now + LONGEST_REFUSAL else 0.0,
        scopes_closed=tuple(closed for closed in line.scopes_closed if now < closed[1] <= now + LONGEST_REFUSAL),
    )


def aligned(uses: Sequence[Use], at: float, left: Mapping[str, int]) -> tuple[Use, ...]:
    """The uses as Azure counted them at that moment: `left` is what each window still had, by its name.

    What Azure counts and we do not is somebody else's, as late as it can have been; what we count and Azure
    does not was never used. Later uses stay as they are.
    """
    settled: list[Use] = [use for use in uses if use.at > at]
    counted, latest = 0, at
    for window in QUERY_UNITS:
        if window.name in left:
            band = [use for use in uses if at - window.seconds < use.at <= latest]
            fitted = _fitted(band, max(0, window.most - left[window.name] - counted), latest)
            settled = [*fitted, *settled]
            counted += sum(use.units for use in fitted)
            latest = at - window.seconds
    return (*(use for use in uses if use.at <= latest), *settled)


def _fitted(band: Sequence[Use], wanted: int, latest: float) -> list[Use]:
    """The uses of a stretch of time so that they add up to `wanted`: the newest are kept, or one more is added."""
    fitted: list[Use] = []
    for use in reversed(band):
        units = min(use.units, wanted)
        wanted -= units
        fitted.insert(0, replace(use, units=units))
    return [*fitted, Use(latest, wanted)] if wanted else fitted


def _first_place(line: Line, others: Sequence[Turn], now: float, ask: Ask) -> float:
    """Now, if that takes nothing from those who have a turn; else the end of the line."""
    return now if _is_gap(line, others, now, ask) else _end_of_line(line, others, now, ask.units)


def _is_gap(line: Line, others: Sequence[Turn], now: float, ask: Ask) -> bool:
    if _room(line.uses, max(now, line.closed_until), ask.units) > now:
        return False
    before: list[Use] = list(line.uses)
    asked = Use(now, ask.units, ask.scope)
    for turn in others:
        if _room([*before, asked], turn.at, turn.units) > _room(before, turn.at, turn.units) + IN_PLACE:
            return False
        before.append(turn)
    return True


def _end_of_line(line: Line, others: Sequence[Turn], now: float, units: int) -> float:
    """The first moment after everybody else's turn at which there is room."""
    start = max(now, line.closed_until, others[-1].at if others else now)
    return _room([*line.uses, *others], start, units)


def _room(uses: Sequence[Use], start: float, units: int) -> float:
    """The first moment from `start` on at which so many units fit into every window."""
    spent = [(use.at, use.units) for use in uses]
    asked = [(use.at, 1) for use in uses if use.scope]
    times = [_fits(spent, window, units, start) for window in QUERY_UNITS]
    return max(*times, _fits(asked, REQUESTS_OF_USER, 1, start))


def _scope_opens(line: Line, now: float, scope: str) -> float:
    asked = [(use.at, 1) for use in line.uses if use.scope == scope]
    return max(_fits(asked, REQUESTS_OF_SCOPE, 1, now), dict(line.scopes_closed).get(scope, now))


def _fits(amounts: Iterable[tuple[float, int]], window: Window, amount: int, start: float) -> float:
    """The first moment from `start` on at which so much fits into the window; more than it holds counts as all."""
    room = window.most - min(amount, window.most)
    for at, used in sorted(amounts, reverse=True):
        room -= used
        if room < 0:
            return max(start, at + window.seconds + MARGIN)
    return start
