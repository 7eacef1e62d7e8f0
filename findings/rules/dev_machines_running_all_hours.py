"""Development and test machines that ran in every hour of the month."""

from calendar import monthrange
from decimal import Decimal

from findings.predicates import ENVIRONMENT, is_dev
from findings.resource import Resource
from findings.rule import (
    Costs,
    Facts,
    Rule,
    RuleText,
    property_field,
)
from shared.core.findings import Confidence, Effort, Measure
from shared.core.meter_costs import MeterPart

NEARLY_ALL = Decimal("0.95")


def _runs(machine: Resource, facts: Facts) -> bool:
    return machine.text("powerState").lower() == "powerstate/running" and is_dev(machine, facts)


def _ran_all_hours(machine: Resource, costs: Costs) -> bool:
    month = costs.billed.month
    used = costs.billed.hours_run(machine.resource_id)
    hours = 24 * monthrange(month.year, month.month)[1]
    return used is not None and hours * NEARLY_ALL <= used <= hours


def _is_compute(service: str, _subcategory: str, _meter: str) -> bool:
    return service == "virtual machines"


RULE = Rule(
    name="dev_machines_running_all_hours",
    text=RuleText(
        "virtual machine",
        "virtual machines",
        "{count} development and test {them} that run at all hours",
        "The compute meter counted nearly every hour of the month. A machine that runs for twelve hours on "
        "weekdays runs in about 36% of the hours. How many you can do without only you know, so we give no "
        "amount.",
        "Turn on auto-shutdown in the evening, or start and stop the machines by a schedule.",
        "https://learn.microsoft.com/azure/virtual-machines/auto-shutdown-vm",
    ),
    measure=Measure.STOP,
    confidence=Confidence.MEDIUM,
    effort=Effort.LOW,
    resource_types=("microsoft.compute/virtualmachines",),
    matches=_runs,
    evidence=(
        property_field("Size", "vmSize"),
        ENVIRONMENT,
    ),
    has_saving=False,
    part=MeterPart("compute", _is_compute),
    proven_by=_ran_all_hours,
    undo="Turn off the schedule.",
    reads=("powerState", "vmSize"),
)
