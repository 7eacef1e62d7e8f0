"""What the totals of a report lack, named: a sum of a part never passes for a sum of the whole."""

from collections.abc import Sequence

from shared.arm.catalogue import COSTS
from shared.core.coverage import Coverage, listed
from shared.core.models import Step, StepStatus

NAMED = 5
"""How many subscriptions are named; the coverage statement names all."""


def cost_gaps(read: Coverage) -> tuple[str, ...]:
    """Sentences to stand beside the totals; none if the costs of every subscription were read whole."""
    missing = [
        step
        for subscription in read.subscriptions
        for step in subscription.steps
        if step.collector == COSTS.name and step.status.is_final and step.status is not StepStatus.SUCCEEDED
    ]
    in_part, absent = [step for step in missing if step.rows], [step for step in missing if not step.rows]
    sentences = []
    if in_part:
        sentences.append(f"Only a part of {_names(in_part)} is in the totals: reading the costs broke off.")
    if absent:
        sentences.append(f"Nothing of {_names(absent)} is in the totals: the costs could not be read.")
    return tuple(sentences)


def _names(steps: Sequence[Step]) -> str:
    """The subscriptions as a person lists them."""
    named = [step.subscription_name or step.subscription_id for step in steps[:NAMED]]
    others = len(steps) - len(named)
    return listed([*named, f"{others} more"] if others else named)
