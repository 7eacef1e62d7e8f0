"""Describe the state of a scan's steps for the customer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.arm.catalogue import collected_kind
from shared.core.coverage import READ_IN_PART, SubscriptionCoverage
from shared.core.formats import whole
from shared.core.models import Step, StepStatus
from shared.core.scopes import scope_in_words

TONES = {
    StepStatus.PENDING: "",
    StepStatus.RUNNING: "busy",
    StepStatus.WAITING: "busy",
    StepStatus.SUCCEEDED: "good",
    StepStatus.BLOCKED: "bad",
    StepStatus.SKIPPED: "warn",
    StepStatus.FAILED: "bad",
}
"""The CSS class of each state."""

TONE_PARTLY_READ = "warn"
"""The CSS class of a step that was read in part."""


@dataclass(frozen=True)
class StepLine:
    """One collector's state on one subscription."""

    title: str
    tone: str
    text: str


@dataclass(frozen=True)
class SubscriptionLines:
    """One subscription: the data that was read in full, and the state of all other data."""

    name: str
    subscription_id: str
    read: tuple[str, ...]
    others: tuple[StepLine, ...]

    @property
    def is_read_in_full(self) -> bool:
        return not self.others


def subscription_lines(subscription: SubscriptionCoverage, now: datetime) -> SubscriptionLines:
    """Return the data that was read as one list, and a line for each other step."""
    read = [step for step in subscription.steps if step.is_read_in_full]
    others = [step for step in subscription.steps if not step.is_read_in_full]
    return SubscriptionLines(
        subscription.name,
        subscription.subscription_id,
        tuple(f"{collected_kind(step.collector).title} ({rows(step.rows)})" for step in read),
        tuple(step_line(step, now) for step in others),
    )


def all_lines(subscriptions: Sequence[SubscriptionCoverage], now: datetime) -> list[SubscriptionLines]:
    """Return all subscriptions, those not read in full first, otherwise in the given order."""
    lines = [subscription_lines(subscription, now) for subscription in subscriptions]
    return sorted(lines, key=lambda line: line.is_read_in_full)


def step_line(step: Step, now: datetime) -> StepLine:
    """Return the line of one step."""
    is_partly = step.status is StepStatus.SUCCEEDED and not step.is_read_in_full
    tone = TONE_PARTLY_READ if is_partly else TONES[step.status]
    return StepLine(collected_kind(step.collector).title, tone, state_text(step, now))


def state_text(step: Step, now: datetime) -> str:
    """Return `waiting: Azure asked us to wait (53 s left)`, `blocked: Reader is missing on …`, and so on."""
    match step.status:
        case StepStatus.PENDING:
            queued = f"queued, {rows(step.rows)} so far" if step.pages else "queued"
            return f"{queued}: {step.status_reason}" if step.status_reason else queued
        case StepStatus.RUNNING:
            return f"reading, {rows(step.rows)} so far" if step.pages else "reading"
        case StepStatus.WAITING:
            return waiting_text(step, now)
        case StepStatus.SUCCEEDED if not step.is_read_in_full:
            return f"{READ_IN_PART}, {rows(step.rows)}: {reason(step)}"
        case StepStatus.SUCCEEDED:
            return f"read, {rows(step.rows)}"
        case _:
            return f"{step.status.value}: {reason(step)}"


def waiting_text(step: Step, now: datetime) -> str:
    """Return why the step waits and for how long."""
    why = (step.status_reason or "Azure asked us to wait").rstrip(".")
    if step.not_before is None:
        return f"waiting: {why}"
    seconds = (step.not_before - now).total_seconds()
    left = f"{seconds:.0f} s left" if seconds >= 1 else "continuing shortly"
    return f"waiting: {why} ({left})"


def reason(step: Step) -> str:
    """Return why the data could not be read, with the role that would fix it."""
    if step.remedy_role and step.remedy_scope:
        return f"{step.remedy_role} is missing on {scope_in_words(step.remedy_scope)}"
    return step.status_reason or "Azure gave no reason"


def rows(count: int) -> str:
    """Return `1 row` or `12,345 rows`."""
    return "1 row" if count == 1 else f"{whole(count)} rows"
