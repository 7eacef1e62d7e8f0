"""What follows from each error while collecting: one table, no I/O.

Errors that are not in it (BadMessage, LeaseLost) end no step: they are the sender's, or
another worker's.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.arm.pacing import IN_PLACE
from shared.core.errors import (
    AzureUnavailable,
    CaletaError,
    CallNotAllowed,
    ConfigurationError,
    ConsentRevoked,
    EntraUnavailable,
    NoDataYet,
    NotOffered,
    NotOurTurn,
    PagesWithoutEnd,
    PermissionMissing,
    QueryRefused,
    Throttled,
    UnexpectedPayload,
)
from shared.core.models import StepStatus

SHORT_WAIT_SECONDS = 15
"""Up to this a worker sleeps; beyond it a scheduled message does, and nothing is billed meanwhile."""

MAX_SHORT_WAITS = 4
"""Sleeps of one worker: with more, the message would come near the end of its lock."""

LONGEST_WAIT_SECONDS = 7_200
"""Azure's longest quota window is an hour: a hint beyond twice that is asked about again."""

FIRST_BACKOFF_SECONDS = 5
LONGEST_BACKOFF_SECONDS = 600

MAX_FAULTS = 14
"""Tries in a row that Azure or Entra failed. With this backoff they span more than an hour."""

REFUSALS_IN_A_ROW = 3
"""Of a step's requests, from the first on: with so many and nothing read, the others would be refused too."""

MAX_EMPTY_ANSWERS = 5
"""Tries until "no data" is believed: Cost Management says it now and then of subscriptions that have some."""

NEW_DATA = "If it is new, scan again in a day or two."
LATER = "Please start a new scan later."

SIGN_IN_NEEDED = "SignInNeeded"
"""The status code of steps that a refused sign-in stopped."""


@dataclass(frozen=True)
class Situation:
    """What the outcome depends on besides the error.

    `short_waits` were slept by this worker; `faults` came in a row before this one; `is_late`
    says that the scan has waited as long as it may; `can_skip`, that the step has other requests
    which this refusal says nothing about.
    """

    short_waits: int
    faults: int
    can_simplify: bool
    is_late: bool
    can_skip: bool = False


@dataclass(frozen=True)
class WaitHere:
    """Sleep, then ask again."""

    seconds: float
    reason: str


@dataclass(frozen=True)
class Postpone:
    """Let a scheduled message bring the step back, carrying `faults`. An alert calls an operator."""

    seconds: float
    reason: str
    faults: int = 0
    alert: str | None = None


@dataclass(frozen=True)
class Simplify:
    """Start again with the simpler query."""

    reason: str


@dataclass(frozen=True)
class SkipRequest:
    """Note that this one of the step's requests was refused, and go on with the next. An alert calls an operator."""

    code: str
    reason: str
    alert: str | None = None


@dataclass(frozen=True)
class StopScan:
    """Nothing of this scan can be read any more: the user has to sign in again."""

    reason: str


@dataclass(frozen=True)
class End:
    """The step is over. `reason` is a sentence for the customer; an alert calls an operator.

    `keeps_page` says that the page in hand, if any, is what an operator will want to see;
    `drops_rows`, that what was stored of the step is not to be counted.
    """

    status: StepStatus
    code: str | None
    reason: str | None
    remedy_role: str | None = None
    remedy_scope: str | None = None
    alert: str | None = None
    keeps_page: bool = False
    drops_rows: bool = False


Outcome = WaitHere | Postpone | Simplify | SkipRequest | StopScan | End


def outcome_of(error: CaletaError, situation: Situation) -> Outcome | None:
    """The outcome, or None for an error that says nothing about the step."""
    for error_class in type(error).__mro__:
        if error_class in OUTCOMES:
            return OUTCOMES[error_class](error, situation)
    return None


def backoff_seconds(faults: int) -> float:
    """How long to wait after so many faults in a row: doubled each time, up to a limit."""
    return float(min(LONGEST_BACKOFF_SECONDS, FIRST_BACKOFF_SECONDS * 2 ** min(faults, 20)))


def _throttled(error: Throttled, situation: Situation) -> Outcome:
    # A hint that has just proved too short is not trusted again: 1, 2, 4, 8 s at least.
    shortest = float(2**situation.short_waits if 0 < situation.short_waits < MAX_SHORT_WAITS else 0)
    seconds = min(max(shortest, error.retry_after_seconds), float(LONGEST_WAIT_SECONDS))
    if situation.is_late:
        return End(StepStatus.FAILED, "Throttled", f"{error.quota} kept asking us to wait, for days. {LATER}")
    if seconds <= SHORT_WAIT_SECONDS and situation.short_waits < MAX_SHORT_WAITS:
        return WaitHere(seconds, f"{error.quota} asked us to wait {seconds:.0f} s.")
    return Postpone(seconds, f"{error.quota} asked us to wait {seconds:.0f} s.", situation.faults)


def _not_our_turn(error: NotOurTurn, situation: Situation) -> Outcome:
    """Like a throttle, but known beforehand: a step that waited for days has not been refused once."""
    if situation.is_late:
        return End(StepStatus.FAILED, "Throttled", f"Your quota of {error.quota} left us no room, for days. {LATER}")
    reason = f"We wait our turn, so as not to use up your quota of {error.quota}."
    if error.retry_after_seconds <= IN_PLACE and situation.short_waits < MAX_SHORT_WAITS:
        return WaitHere(error.retry_after_seconds, reason)
    return Postpone(error.retry_after_seconds, reason, situation.faults)


def _azure_unavailable(_: AzureUnavailable, situation: Situation) -> Outcome:
    return _fault("Azure", situation)


def _entra_unavailable(_: EntraUnavailable, situation: Situation) -> Outcome:
    return _fault("Azure's sign-in service", situation)


def _fault(who: str, situation: Situation) -> Outcome:
    faults = situation.faults + 1
    if faults >= MAX_FAULTS or situation.is_late:
        reason = f"{who} did not answer in {faults} tries. We have been alerted. {LATER}"
        return End(StepStatus.FAILED, "Unavailable", reason, alert="unavailable")
    seconds = backoff_seconds(situation.faults)
    return Postpone(seconds, f"{who} did not answer in try {faults}; the next one is in {seconds:.0f} s.", faults)


def _ours_to_mend(_: ConfigurationError, situation: Situation) -> Outcome:
    """Our credential, our registration: somebody of ours will mend it, and no customer should have to notice."""
    if situation.is_late:
        reason = f"Something of ours did not work for days. We have been alerted. {LATER}"
        return End(StepStatus.FAILED, "OurFault", reason, alert="configuration")
    seconds = backoff_seconds(situation.faults)
    reason = f"Something of ours has to be mended first; we have been alerted. The next try is in {seconds:.0f} s."
    return Postpone(seconds, reason, min(situation.faults + 1, MAX_FAULTS // 2), alert="configuration")


def _no_data_yet(error: NoDataYet, situation: Situation) -> Outcome:
    faults = situation.faults + 1
    if faults >= MAX_EMPTY_ANSWERS:
        reason = f"Azure said {faults} times that it has no data for this subscription. That is not a zero. {NEW_DATA}"
        return End(StepStatus.SKIPPED, error.code, reason)
    seconds = backoff_seconds(situation.faults)
    return Postpone(seconds, f"Azure found no data; the next try is in {seconds:.0f} s.", faults)


def _permission_missing(error: PermissionMissing, _: Situation) -> Outcome:
    reason = f"The signed-in user may not read this: {error.role} on {error.scope} is missing."
    return End(StepStatus.BLOCKED, error.code, reason, error.role, error.scope)


def may_skip(title: str, pages: int, refused: int, requests: int) -> bool:
    """Whether a refusal of this request is about it alone: others of the step were read, or may yet be."""
    return bool(title) and (pages > 0 or refused + 1 < min(REFUSALS_IN_A_ROW, requests))


def _not_offered(error: NotOffered, situation: Situation) -> Outcome:
    if situation.can_skip:
        return SkipRequest(error.code, error.reason)
    return End(StepStatus.SKIPPED, error.code, error.reason)


def query_refused(error: QueryRefused) -> str:
    """The sentence about a query of ours that Azure takes for wrong."""
    return f"Azure refused our query ({error.code})."


def _query_refused(error: QueryRefused, situation: Situation) -> Outcome:
    if situation.can_simplify:
        return Simplify(f"Azure refused the full query ({error.code}).")
    reason = query_refused(error)
    if situation.can_skip:
        return SkipRequest(error.code, reason, alert="query-refused")
    return End(StepStatus.FAILED, error.code, reason, alert="query-refused")


def _consent_revoked(error: ConsentRevoked, _: Situation) -> Outcome:
    return StopScan(f"{error.reason} Sign in again, then start a new scan.")


def _unexpected_payload(_: UnexpectedPayload, __: Situation) -> Outcome:
    reason = "Azure's answer was not of a form that we know, so we conclude nothing from it. We have been alerted."
    return End(StepStatus.FAILED, "UnexpectedPayload", reason, alert="unexpected-payload", keeps_page=True)


def _pages_without_end(_: PagesWithoutEnd, __: Situation) -> Outcome:
    """Rows may have come twice: none of them counts."""
    reason = "Azure's pages led back or on and on, so nothing that was read of them is counted. We have been alerted."
    return End(
        StepStatus.FAILED, "PagesWithoutEnd", reason, alert="unexpected-payload", keeps_page=True, drops_rows=True
    )


def _call_not_allowed(_: CallNotAllowed, __: Situation) -> Outcome:
    reason = "This would have taken a call that we promise never to make, so it was not made. We have been alerted."
    return End(StepStatus.FAILED, "CallNotAllowed", reason, alert="call-not-allowed")


OUTCOMES: Mapping[type[CaletaError], Callable[[Any, Situation], Outcome]] = {
    Throttled: _throttled,
    NotOurTurn: _not_our_turn,
    AzureUnavailable: _azure_unavailable,
    NoDataYet: _no_data_yet,
    EntraUnavailable: _entra_unavailable,
    PermissionMissing: _permission_missing,
    NotOffered: _not_offered,
    QueryRefused: _query_refused,
    ConsentRevoked: _consent_revoked,
    UnexpectedPayload: _unexpected_payload,
    PagesWithoutEnd: _pages_without_end,
    ConfigurationError: _ours_to_mend,
    CallNotAllowed: _call_not_allowed,
}
