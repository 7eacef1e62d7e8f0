"""Report what a scan has read, what is missing and how to fix it. A missing response never counts as zero."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shared.core.left_out import NOTHING_LEFT_OUT, LeftOut, left_out_of
from shared.core.models import Step, StepStatus
from shared.core.scopes import subscription_in_words
from shared.core.subscription_states import ACTIVE_STATES, state_sentence

STATE_WORDS = {
    StepStatus.PENDING: "in the queue",
    StepStatus.RUNNING: "being read",
    StepStatus.WAITING: "waiting",
    StepStatus.SUCCEEDED: "read",
    StepStatus.BLOCKED: "blocked",
    StepStatus.SKIPPED: "not available",
    StepStatus.FAILED: "failed",
}
"""Each status of a step in plain words."""


READ_IN_PART = "read in part"


@dataclass(frozen=True)
class CollectorProgress:
    """Progress of one collector, in steps; `percent` of finished steps, rounded down; `partly` as in Coverage."""

    name: str
    steps: int
    succeeded: int
    blocked: int
    skipped: int
    failed: int
    rows: int
    partly: int = 0

    @property
    def finished(self) -> int:
        return self.succeeded + self.blocked + self.skipped + self.failed

    @property
    def percent(self) -> int:
        return self.finished * 100 // self.steps


@dataclass(frozen=True)
class SubscriptionCoverage:
    """What was read of one subscription. `sentences` say what was not read and why, and a state that is not active."""

    subscription_id: str
    name: str
    steps: tuple[Step, ...]
    sentences: tuple[str, ...]

    @property
    def is_finished(self) -> bool:
        return all(step.status.is_final for step in self.steps)

    @property
    def is_complete(self) -> bool:
        return all(step.is_read_in_full for step in self.steps)


@dataclass(frozen=True)
class RoleGrant:
    """A role that the customer can grant so that the next scan can read more."""

    role: str
    scope: str
    subscription_name: str
    collectors: tuple[str, ...]

    @property
    def sentence(self) -> str:
        what = in_words(self.collectors)
        where = subscription_in_words(self.scope, self.subscription_name)
        return f"Grant {self.role} on {where}, then start a new scan to read {what}."


@dataclass(frozen=True)
class Coverage:
    """The coverage of one scan, counted in steps (one collector over one subscription).

    `partly` counts the succeeded steps of which a part is missing. `left_out`: the listed subscriptions
    that have no steps.
    """

    steps: int
    succeeded: int
    blocked: int
    skipped: int
    failed: int
    collectors: tuple[CollectorProgress, ...]
    subscriptions: tuple[SubscriptionCoverage, ...]
    remedies: tuple[RoleGrant, ...]
    partly: int = 0
    left_out: LeftOut = NOTHING_LEFT_OUT

    @property
    def unfinished(self) -> int:
        return self.steps - self.succeeded - self.blocked - self.skipped - self.failed

    @property
    def subscription_names(self) -> dict[str, str]:
        """Return subscription names by lower-case id."""
        return {item.subscription_id.lower(): item.name for item in self.subscriptions}

    @property
    def summary(self) -> str:
        """Return one sentence: how many subscriptions were read in full."""
        if not self.subscriptions:
            return "No subscription was read."
        read = sum(subscription.is_complete for subscription in self.subscriptions)
        whole = len(self.subscriptions)
        noun, verb = ("subscription", "was") if whole == 1 else ("subscriptions", "were")
        return f"{read} of {whole} {noun} {verb} read in full."


def coverage(steps: Sequence[Step], left_out_json: str | None = None) -> Coverage:
    """Return a scan's coverage from its steps and its `left_out_json`.

    Collectors are in order of first appearance, subscriptions by name.
    """
    counts = Counter(step.status for step in steps)
    by_subscription = _grouped(steps, lambda step: step.subscription_id)
    subscriptions = [_subscription(group) for group in by_subscription]
    return Coverage(
        steps=len(steps),
        succeeded=counts[StepStatus.SUCCEEDED],
        blocked=counts[StepStatus.BLOCKED],
        skipped=counts[StepStatus.SKIPPED],
        failed=counts[StepStatus.FAILED],
        collectors=tuple(_collector(group) for group in _grouped(steps, lambda step: step.collector)),
        subscriptions=tuple(sorted(subscriptions, key=lambda item: (item.name.casefold(), item.subscription_id))),
        remedies=_role_grants(steps),
        partly=_partly(steps),
        left_out=left_out_of(left_out_json),
    )


def in_words(collectors: Sequence[str]) -> str:
    """Return names of collectors as a list in words: "costs, advisor and savings plans"."""
    return listed([name.replace("_", " ") for name in collectors])


def listed(words: Sequence[str]) -> str:
    """Join one or more words: "a, b and c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _grouped(steps: Sequence[Step], key: Callable[[Step], str]) -> list[tuple[Step, ...]]:
    groups: dict[str, list[Step]] = {}
    for step in steps:
        groups.setdefault(key(step), []).append(step)
    return [tuple(group) for group in groups.values()]


def _collector(steps: tuple[Step, ...]) -> CollectorProgress:
    counts = Counter(step.status for step in steps)
    return CollectorProgress(
        name=steps[0].collector,
        steps=len(steps),
        succeeded=counts[StepStatus.SUCCEEDED],
        blocked=counts[StepStatus.BLOCKED],
        skipped=counts[StepStatus.SKIPPED],
        failed=counts[StepStatus.FAILED],
        rows=sum(step.rows for step in steps),
        partly=_partly(steps),
    )


def _partly(steps: Sequence[Step]) -> int:
    return sum(step.status is StepStatus.SUCCEEDED and not step.is_read_in_full for step in steps)


def _subscription(steps: tuple[Step, ...]) -> SubscriptionCoverage:
    first = steps[0]
    sentences = (*_state_of_subscription(steps), *_sentences(steps))
    return SubscriptionCoverage(first.subscription_id, first.subscription_name, steps, sentences)


def _state_of_subscription(steps: tuple[Step, ...]) -> tuple[str, ...]:
    """Return a sentence about a state that is not active, unless a step's reason already has it."""
    state = steps[0].subscription_state
    if state in ACTIVE_STATES:
        return ()
    sentence = state_sentence(state)
    return () if any(sentence in (step.status_reason or "") for step in steps) else (sentence,)


def _sentences(steps: tuple[Step, ...]) -> tuple[str, ...]:
    """Return one sentence per status and reason, naming all collectors that share it."""
    sharing: dict[tuple[str, str | None], list[str]] = {}
    for step in steps:
        if step.status is not StepStatus.SUCCEEDED or step.status_reason:
            sharing.setdefault((_state(step), step.status_reason), []).append(step.collector)
    return tuple(_sentence(state, reason, names) for (state, reason), names in sharing.items())


def _state(step: Step) -> str:
    is_partly = step.status is StepStatus.SUCCEEDED and not step.is_read_in_full
    return READ_IN_PART if is_partly else STATE_WORDS[step.status]


def _sentence(state: str, reason: str | None, collectors: Sequence[str]) -> str:
    start = f"{in_words(collectors).capitalize()}: {state}."
    return f"{start} {reason}" if reason else start


def _role_grants(steps: Sequence[Step]) -> tuple[RoleGrant, ...]:
    """Return one grant per role and scope that would unblock steps, in order of first appearance."""
    unblocking: dict[tuple[str, str], list[Step]] = {}
    for step in steps:
        if step.status is StepStatus.BLOCKED and step.remedy_role and step.remedy_scope:
            unblocking.setdefault((step.remedy_role, step.remedy_scope), []).append(step)
    return tuple(
        RoleGrant(role, scope, blocked[0].subscription_name, tuple(dict.fromkeys(step.collector for step in blocked)))
        for (role, scope), blocked in unblocking.items()
    )
