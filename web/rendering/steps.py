"""What a step is doing, in words for the person who waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.arm.catalogue import collected_kind
from shared.core.coverage import READ_IN_PART, SubscriptionCoverage
from shared.core.formats import whole
from shared.core.models import Step, StepStatus

TONES = {
    StepStatus.PENDING: "",
    StepStatus.RUNNING: "busy",
    StepStatus.WAITING: "busy",
    StepStatus.SUCCEEDED: "good",
    StepStatus.BLOCKED: "bad",
    StepStatus.SKIPPED: "warn",
    StepStatus.FAILED: "bad",
}
"""The stylesheet's class of each state."""

PARTLY = "warn"
"""The class of what was read with the exception of something that Azure refused."""


@dataclass(frozen=True)
class StepLine:
    """One collector's state on one subscription."""

    title: str
    tone: str
    words: str


@dataclass(frozen=True)
class SubscriptionLines:
    """One subscription: what has been read, and each thing that has not."""

    name: str
    subscription_id: str
    read: tuple[str, ...]
    others: tuple[StepLine, ...]

    @property
    def is_read_in_full(self) -> bool:
        return not self.others


def subscription_lines(subscription: SubscriptionCoverage, now: datetime) -> SubscriptionLines:
    """Read kinds as one list, every other kind as a line of its own."""
    read = [step for step in subscription.steps if step.is_read_in_full]
    others = [step for step in subscription.steps if not step.is_read_in_full]
    return SubscriptionLines(
        subscription.name,
        subscription.subscription_id,
        tuple(f"{collected_kind(step.collector).title} ({rows(step.rows)})" for step in read),
        tuple(step_line(step, now) for step in others),
    )


def all_lines(subscriptions: Sequence[SubscriptionCoverage], now: datetime) -> list[SubscriptionLines]:
    """Those with something to say first; within each, the given order."""
    lines = [subscription_lines(subscription, now) for subscription in subscriptions]
    return sorted(lines, key=lambda line: line.is_read_in_full)


def step_line(step: Step, now: datetime) -> StepLine:
    """The line of one step."""
    is_partly = step.status is StepStatus.SUCCEEDED and not step.is_read_in_full
    tone = PARTLY if is_partly else TONES[step.status]
    return StepLine(collected_kind(step.collector).title, tone, words(step, now))


def words(step: Step, now: datetime) -> str:
    """`waiting: Azure asked us to wait 53 s`, `blocked: Reader is missing on …`, and so on."""
    match step.status:
        case StepStatus.PENDING:
            queued = f"in the queue, {rows(step.rows)} so far" if step.pages else "in the queue"
            return f"{queued}: {step.status_reason}" if step.status_reason else queued
        case StepStatus.RUNNING:
            return f"reading, {rows(step.rows)} so far" if step.pages else "reading"
        case StepStatus.WAITING:
            return waiting(step, now)
        case StepStatus.SUCCEEDED if not step.is_read_in_full:
            return f"{READ_IN_PART}, {rows(step.rows)}: {reason(step)}"
        case StepStatus.SUCCEEDED:
            return f"read, {rows(step.rows)}"
        case _:
            return f"{step.status.value}: {reason(step)}"


def waiting(step: Step, now: datetime) -> str:
    """Why and how much longer, in the time of the person who reads it."""
    why = (step.status_reason or "Azure asked us to wait").rstrip(".")
    if step.not_before is None:
        return f"waiting: {why}"
    seconds = (step.not_before - now).total_seconds()
    left = f"{seconds:.0f} s to go" if seconds >= 1 else "going on in a moment"
    return f"waiting: {why} ({left})"


def reason(step: Step) -> str:
    """What kept us from reading, with the role that would mend it."""
    if step.remedy_role and step.remedy_scope:
        return f"{step.remedy_role} is missing on {step.remedy_scope}"
    return step.status_reason or "Azure gave no reason"


def rows(count: int) -> str:
    """`1 row`, `12,345 rows`."""
    return "1 row" if count == 1 else f"{whole(count)} rows"
