"""Virtual machines that are stopped but not deallocated, so their compute is still billed."""

from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, date_field, property_field
from shared.core.findings import Confidence, Effort, Measure


def _is_stopped(machine: Resource, _facts: Facts) -> bool:
    """Only `stopped`: a deallocated machine is not billed, and starting or stopping is a transition."""
    return machine.text("powerState").lower() == "powerstate/stopped"


RULE = Rule(
    name="stopped_machines",
    text=RuleText(
        "virtual machine",
        "virtual machines",
        "{count} stopped {them} still billed for compute",
        "A virtual machine that is shut down from its operating system keeps its hardware allocated, and Azure bills "
        "it as if it were running. Only a deallocated machine has no compute charge.",
        "Stop the machine from the Azure portal, the command line or an automation: this deallocates it. If it is no "
        "longer needed, delete it and its disks.",
        "https://learn.microsoft.com/azure/virtual-machines/states-billing",
    ),
    measure=Measure.REMOVE,
    confidence=Confidence.HIGH,
    effort=Effort.LOW,
    resource_types=("microsoft.compute/virtualmachines",),
    matches=_is_stopped,
    evidence=(
        property_field("Power state", "powerState"),
        property_field("Size", "vmSize"),
        date_field("Created", "timeCreated"),
    ),
    reads=("powerState", "timeCreated", "vmSize"),
)
