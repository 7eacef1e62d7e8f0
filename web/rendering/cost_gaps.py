"""Notes on missing costs, wherever totals are shown."""

from collections.abc import Sequence

from shared.arm.catalogue import COSTS
from shared.core.coverage import Coverage, listed
from shared.core.formats import unnamed_subscription
from shared.core.models import Step, StepStatus

MAX_NAMES = 5
"""How many subscriptions a sentence names; the coverage section names all."""


def cost_gaps(read: Coverage) -> tuple[str, ...]:
    """Return notes on missing costs to show next to the totals; none if all costs were read."""
    costs = [step for one in read.subscriptions for step in one.steps if step.collector == COSTS.name]
    missing = [step for step in costs if step.status.is_final and step.status is not StepStatus.SUCCEEDED]
    left_out = [step for step in costs if step.rows_set_aside and step not in missing]
    in_part, absent = [step for step in missing if step.rows], [step for step in missing if not step.rows]
    sentences = []
    if in_part:
        sentences.append(f"The totals include only part of {_names(in_part)}: reading the costs was interrupted.")
    if absent:
        sentences.append(f"The totals do not include {_names(absent)}: the costs could not be read.")
    if left_out:
        count, rows = sum(step.rows_set_aside for step in left_out), sum(step.rows for step in left_out)
        whole = f"{count:,} of {count + rows:,} cost rows of {_names(left_out)}"
        sentences.append(f"The totals leave out {whole}: {'it' if count == 1 else 'they'} could not be read.")
    return tuple(sentences)


def _names(steps: Sequence[Step]) -> str:
    """Return the subscription names as a list in a sentence."""
    named = [step.subscription_name or unnamed_subscription(step.subscription_id) for step in steps[:MAX_NAMES]]
    others = len(steps) - len(named)
    return listed([*named, f"{others} more"] if others else named)
