"""Decide what follows from each error while collecting: one table, no I/O.

Errors outside the table (BadMessage, LeaseLost) end no step: the message was wrong, or another worker has the step.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from shared.arm.pacing import MAX_IN_PLACE_SECONDS
from shared.core.errors import (
    AzureUnavailable,
    CaletaError,
    CallNotAllowed,
    ConfigurationError,
    ConsentRevoked,
    EntraUnavailable,
    LocallyThrottled,
    NoDataYet,
    NotOffered,
    PagesWithoutEnd,
    PermissionMissing,
    QueryRefused,
    RefusedByAzure,
    RefusedWithoutReason,
    Throttled,
    UnexpectedPayload,
)
from shared.core.models import StepStatus
from shared.core.scopes import scope_in_words
from shared.core.subscription_states import ACTIVE_STATES, DELETED, state_sentence

SHORT_WAIT_SECONDS = 15
"""Up to this long a worker sleeps. A longer wait is a scheduled message, and no compute is billed meanwhile."""

MAX_SHORT_WAITS = 4
"""Maximum sleeps of one worker: more would use up the message's lock."""

MAX_WAIT_SECONDS = 7_200
"""Azure's longest quota window is an hour: after twice that we retry, whatever the hint says."""

FIRST_BACKOFF_SECONDS = 5
MAX_BACKOFF_SECONDS = 600

MAX_FAULTS = 14
"""Maximum failures of Azure or Entra in a row. With this backoff they span more than an hour."""

REFUSALS_IN_A_ROW = 3
"""If the first requests of a step are all refused, up to this many, the others would be refused too."""

MAX_EMPTY_ANSWERS = 5
"""Attempts until "no data" is final: Cost Management sometimes reports it for subscriptions that have data."""

NEW_DATA = "If the subscription is new, scan again in a day or two."
LATER = "Please start a new scan later."

SIGN_IN_NEEDED = "SignInNeeded"
"""The status code of steps that a refused sign-in stopped."""


@dataclass(frozen=True)
class Situation:
    """What the outcome depends on besides the error.

    `short_waits` counts this worker's sleeps, `faults` the failures in a row before this one. `is_late`: the scan has
    waited as long as it may. `can_skip`: the step has other requests, which this refusal does not concern.
    `subscription_state`: as Azure listed it.
    """

    short_waits: int
    faults: int
    can_simplify: bool
    is_late: bool
    can_skip: bool = False
    subscription_state: str = ""


@dataclass(frozen=True)
class RetryInPlace:
    """Sleep in this worker, then retry."""

    seconds: float
    reason: str


@dataclass(frozen=True)
class Postpone:
    """Retry by a scheduled message that carries `faults`. `alert` notifies the engineer on call."""

    seconds: float
    reason: str
    faults: int = 0
    alert: str | None = None


@dataclass(frozen=True)
class Simplify:
    """Start again with the next simpler query."""

    reason: str


@dataclass(frozen=True)
class SkipRequest:
    """Record that Azure refused this request and continue with the next. `alert` notifies the engineer on call."""

    code: str
    reason: str
    alert: str | None = None


@dataclass(frozen=True)
class StopScan:
    """End the whole scan: the user has to sign in again."""

    reason: str


@dataclass(frozen=True)
class End:
    """End the step. `reason` is a sentence for the customer; `alert` notifies the engineer on call.

    `keeps_page`: store the current page for analysis. `drops_rows`: delete the rows stored for the step.
    """

    status: StepStatus
    code: str | None
    reason: str | None
    remedy_role: str | None = None
    remedy_scope: str | None = None
    alert: str | None = None
    keeps_page: bool = False
    drops_rows: bool = False


Outcome = RetryInPlace | Postpone | Simplify | SkipRequest | StopScan | End


def outcome_of(error: CaletaError, situation: Situation) -> Outcome | None:
    """Return the outcome, or None for an error that does not concern the step."""
    for error_class in type(error).__mro__:
        if error_class in OUTCOMES:
            outcome = OUTCOMES[error_class](error, situation)
            return _explained_by_state(outcome, situation) if isinstance(error, REFUSALS) else outcome
    return None


def _explained_by_state(outcome: Outcome, situation: Situation) -> Outcome:
    """Return the outcome of a refusal, with the subscription's state as its cause where it is not active."""
    if not isinstance(outcome, End) or situation.subscription_state in ACTIVE_STATES:
        return outcome
    sentence = state_sentence(situation.subscription_state)
    if situation.subscription_state.casefold() == DELETED:
        return End(StepStatus.SKIPPED, "SubscriptionDeleted", sentence)
    return replace(outcome, reason=f"{sentence} {outcome.reason}")


def backoff_seconds(faults: int) -> float:
    """Return the wait after so many failures in a row: doubled each time, up to a limit."""
    return float(min(MAX_BACKOFF_SECONDS, FIRST_BACKOFF_SECONDS * 2 ** min(faults, 20)))


def _throttled(error: Throttled, situation: Situation) -> Outcome:
    # After a hint that proved too short, wait at least 1, 2, 4, 8 s.
    shortest = float(2**situation.short_waits if 0 < situation.short_waits < MAX_SHORT_WAITS else 0)
    seconds = min(max(shortest, error.retry_after_seconds), float(MAX_WAIT_SECONDS))
    if situation.is_late:
        return End(StepStatus.FAILED, "Throttled", f"{error.quota} throttled our requests for days. {LATER}")
    if seconds <= SHORT_WAIT_SECONDS and situation.short_waits < MAX_SHORT_WAITS:
        return RetryInPlace(seconds, f"{error.quota} asked us to wait {seconds:.0f} s.")
    return Postpone(seconds, f"{error.quota} asked us to wait {seconds:.0f} s.", situation.faults)


def _locally_throttled(error: LocallyThrottled, situation: Situation) -> Outcome:
    """Like a throttle, but decided by us: the step has not been refused once."""
    if situation.is_late:
        reason = f"Your {error.quota} quota had no room for our requests for days. {LATER}"
        return End(StepStatus.FAILED, "Throttled", reason)
    reason = f"We pace our requests so as not to use up your {error.quota} quota."
    if error.retry_after_seconds <= MAX_IN_PLACE_SECONDS and situation.short_waits < MAX_SHORT_WAITS:
        return RetryInPlace(error.retry_after_seconds, reason)
    return Postpone(error.retry_after_seconds, reason, situation.faults)


def _azure_unavailable(_: AzureUnavailable, situation: Situation) -> Outcome:
    return _fault("Azure", situation)


def _entra_unavailable(_: EntraUnavailable, situation: Situation) -> Outcome:
    return _fault("Azure's sign-in service", situation)


def _fault(who: str, situation: Situation) -> Outcome:
    faults = situation.faults + 1
    if faults >= MAX_FAULTS or situation.is_late:
        reason = f"{who} did not answer in {faults} attempts. We have been alerted. {LATER}"
        return End(StepStatus.FAILED, "Unavailable", reason, alert="unavailable")
    seconds = backoff_seconds(situation.faults)
    reason = f"{who} did not answer in attempt {faults}. We retry in {seconds:.0f} s."
    return Postpone(seconds, reason, faults)


def _configuration_error(_: ConfigurationError, situation: Situation) -> Outcome:
    """Our credential or registration is wrong: wait until an operator fixes it, so that no customer has to notice."""
    if situation.is_late:
        reason = f"A problem on our side lasted for days. We have been alerted. {LATER}"
        return End(StepStatus.FAILED, "OurFault", reason, alert="configuration")
    seconds = backoff_seconds(situation.faults)
    reason = f"We have a problem on our side and have been alerted. We retry in {seconds:.0f} s."
    return Postpone(seconds, reason, min(situation.faults + 1, MAX_FAULTS // 2), alert="configuration")


def _no_data_yet(error: NoDataYet, situation: Situation) -> Outcome:
    faults = situation.faults + 1
    if faults >= MAX_EMPTY_ANSWERS:
        reason = f"Azure reported {faults} times that it has no data here, which does not mean zero cost. {NEW_DATA}"
        return End(StepStatus.SKIPPED, error.code, reason)
    seconds = backoff_seconds(situation.faults)
    return Postpone(seconds, f"Azure reported no data. We retry in {seconds:.0f} s.", faults)


def _refused_without_reason(error: RefusedWithoutReason, situation: Situation) -> Outcome:
    """A gateway may refuse for a moment; after a few attempts the refusal is final."""
    faults = situation.faults + 1
    if faults >= MAX_EMPTY_ANSWERS or situation.is_late:
        return _final_refusal(str(error.status), f"status {error.status} and no explanation", situation)
    seconds = backoff_seconds(situation.faults)
    reason = f"Azure refused our request with status {error.status}. We retry in {seconds:.0f} s."
    return Postpone(seconds, reason, faults)


def _refused_by_azure(error: RefusedByAzure, situation: Situation) -> Outcome:
    return _final_refusal(error.code, f"status {error.status} and the code {error.code}", situation)


def _final_refusal(code: str, how: str, situation: Situation) -> Outcome:
    reason = f"Azure refused our request with {how}. The cause is unknown. We have been alerted."
    if situation.can_skip:
        return SkipRequest(code, reason, alert="unexpected-payload")
    return End(StepStatus.FAILED, code, reason, alert="unexpected-payload")


def _permission_missing(error: PermissionMissing, _: Situation) -> Outcome:
    reason = f"The signed-in user may not read this: {error.role} on {scope_in_words(error.scope)} is missing."
    return End(StepStatus.BLOCKED, error.code, reason, error.role, error.scope)


def may_skip(title: str, pages: int, refused: int, requests: int) -> bool:
    """Whether a refusal of this request concerns it alone: others of the step were read, or may still be."""
    return bool(title) and (pages > 0 or refused + 1 < min(REFUSALS_IN_A_ROW, requests))


def _not_offered(error: NotOffered, situation: Situation) -> Outcome:
    if situation.can_skip:
        return SkipRequest(error.code, error.reason)
    return End(StepStatus.SKIPPED, error.code, error.reason)


def query_refused(error: QueryRefused) -> str:
    """Return the sentence about one of our queries that Azure refused."""
    return f"Azure refused our query ({error.code})."


def _query_refused(error: QueryRefused, situation: Situation) -> Outcome:
    if situation.can_simplify:
        return Simplify(f"Azure refused the query ({error.code}).")
    reason = query_refused(error)
    if situation.can_skip:
        return SkipRequest(error.code, reason, alert="query-refused")
    return End(StepStatus.FAILED, error.code, reason, alert="query-refused")


def _consent_revoked(error: ConsentRevoked, _: Situation) -> Outcome:
    return StopScan(f"{error.reason} Sign in again, then start a new scan.")


def _unexpected_payload(_: UnexpectedPayload, situation: Situation) -> Outcome:
    reason = "Azure's response had an unexpected format, so we did not use it. We have been alerted."
    if situation.can_skip:
        return SkipRequest("UnexpectedPayload", reason, alert="unexpected-payload")
    return End(StepStatus.FAILED, "UnexpectedPayload", reason, alert="unexpected-payload", keeps_page=True)


def _pages_without_end(_: PagesWithoutEnd, __: Situation) -> Outcome:
    """Rows may have been read twice, so none of them is counted."""
    reason = "Azure's pages repeated or never ended, so none of their rows is counted. We have been alerted."
    return End(
        StepStatus.FAILED, "PagesWithoutEnd", reason, alert="unexpected-payload", keeps_page=True, drops_rows=True
    )


def _call_not_allowed(_: CallNotAllowed, __: Situation) -> Outcome:
    reason = "Reading this needs a call that we promise never to make, so we did not make it. We have been alerted."
    return End(StepStatus.FAILED, "CallNotAllowed", reason, alert="call-not-allowed")


OUTCOMES: Mapping[type[CaletaError], Callable[[Any, Situation], Outcome]] = {
    Throttled: _throttled,
    LocallyThrottled: _locally_throttled,
    AzureUnavailable: _azure_unavailable,
    NoDataYet: _no_data_yet,
    RefusedWithoutReason: _refused_without_reason,
    RefusedByAzure: _refused_by_azure,
    EntraUnavailable: _entra_unavailable,
    PermissionMissing: _permission_missing,
    NotOffered: _not_offered,
    QueryRefused: _query_refused,
    ConsentRevoked: _consent_revoked,
    UnexpectedPayload: _unexpected_payload,
    PagesWithoutEnd: _pages_without_end,
    ConfigurationError: _configuration_error,
    CallNotAllowed: _call_not_allowed,
}

REFUSALS = (PermissionMissing, NotOffered, NoDataYet, RefusedByAzure, RefusedWithoutReason)
"""The errors whose true cause may be the state of the subscription."""
