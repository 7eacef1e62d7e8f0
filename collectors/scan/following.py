"""Plan the steps of a scan that only the data of another step shows to be needed."""

import logging

from collectors.registry import COLLECTORS
from collectors.scan.dispatch import send_first
from shared.core.models import Step
from shared.observability.events import Event
from shared.observability.work_log import log_event
from shared.wiring import Services

log = logging.getLogger(__name__)


def plan_following(services: Services, step: Step) -> None:
    """Plan the steps that the data of `step` calls for, and send their first messages.

    Called before `step` ends, so that no scan ends without them; a second call changes nothing.
    """
    names = [each.name for each in COLLECTORS if each.planned_after == step.collector]
    if not names or not _calls_for_amortized_costs(services, step):
        return
    planned = services.steps.add_following(step, names, services.clock.now())
    send_first(services.queues, planned)
    log_event(log, Event.STEP_PLANNED, "commitments show in the costs, or could", about={"planned": ", ".join(names)})


def _calls_for_amortized_costs(services: Services, step: Step) -> bool:
    """Whether the subscription's actual costs show a commitment, or lack the columns that would."""
    return bool(step.simplified) or services.commitments.are_shown_by(step)
