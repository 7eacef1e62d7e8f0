"""Steps of a scan worked to their end over the real client, with answers by script."""

from collections.abc import Callable
from typing import Any

from collectors.registry import COLLECTORS
from collectors.scan.run import collect
from shared.core.models import Scan, Step
from tests.support.arm_replay import Reply, Wire, client
from tests.support.collecting import Surroundings, step_body, steps_of

Case = Callable[[str], Any]
SUBSCRIPTION = "11111111-2222-4333-8444-555555555555"
BY_NAME = {collector.name: collector for collector in COLLECTORS}


def answered_by(parts: Surroundings, *replies: Reply) -> Wire:
    """Put the real client over a wire with these answers, in turn."""
    wire = Wire(*replies)
    parts.arm = client(wire, clock=parts.time)
    return wire


def ended(parts: Surroundings, scan: Scan, name: str) -> Step:
    """Deliver the step's messages, each scheduled one in its turn, until it ends."""
    for faults in range(20):
        (step,) = [each for each in steps_of(parts, scan) if each.collector == name]
        if step.status.is_final:
            return step
        collect(parts, BY_NAME[name], step_body(step, step.attempt + 1, faults))
    raise AssertionError(f"{name} did not end")
