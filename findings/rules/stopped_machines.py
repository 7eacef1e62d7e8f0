"""Virtual machines that were shut down from inside and are billed as if they ran."""

from findings.resource import Resource
from findings.rule import Facts, Rule, Words, shown, shown_day
from shared.core.findings import Confidence, Effort, Measure


def _is_stopped(machine: Resource, _facts: Facts) -> bool:
    """Only `stopped`: a deallocated machine is not billed, and one that starts or stops is on its way."""
    return machine.text("powerState").lower() == "powerstate/stopped"


RULE = Rule(
    name="stopped_machines",
    words=Words(
        "machine",
        "machines",
        "{count} stopped {them} still billed",
        "A virtual machine that is shut down from within its operating system keeps its hardware, and Azure goes on "
        "billing it as if it ran. Only a deallocated machine costs no compute.",
        "Stop the machine from the portal, the command line or an automation, which deallocates it. Delete it with "
        "its disks if nobody needs it any more.",
        "https://learn.microsoft.com/azure/virtual-machines/states-billing",
    ),
    measure=Measure.REMOVE,
    confidence=Confidence.HIGH,
    effort=Effort.LOW,
    resource_types=("microsoft.compute/virtualmachines",),
    fits=_is_stopped,
    shows=(shown("Power state", "powerState"), shown("Size", "vmSize"), shown_day("Created", "timeCreated")),
)
