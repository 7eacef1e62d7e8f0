"""App Service plans with several instances at all hours."""

import re
from collections.abc import Iterable

from findings.resource import Resource
from findings.rule import Facts, Lookup, Rule, RuleText, property_field, sku_field
from shared.core.findings import Confidence, Effort, Measure

SEVERAL = 3
SCALABLE = re.compile(r"s[123]|p\d+m?(?:v[234])?|i\d+m?v2")


def _target(setting: Resource) -> Iterable[str]:
    if setting.properties.get("enabled") is True:
        yield setting.id_of("targetResourceUri")


SCALED = Lookup(("microsoft.insights/autoscalesettings",), _target, reads=("enabled", "targetResourceUri"))


def _has_fixed_size(plan: Resource, facts: Facts) -> bool:
    """Plans that scale with the traffic of their apps have no setting either, and are left out."""
    is_scalable = SCALABLE.fullmatch(plan.sku_text("name")) is not None and not plan.has("elasticScaleEnabled")
    has_apps = plan.count("numberOfSites") > 0 and plan.count("numberOfWorkers") >= SEVERAL
    return is_scalable and has_apps and not facts.known(SCALED, plan.resource_id)


RULE = Rule(
    name="plans_without_autoscaling",
    text=RuleText(
        "App Service plan",
        "App Service plans",
        "{count} {them} with several instances and no autoscaling",
        "No autoscale setting targets these plans, so all their instances run at all hours. We do not read "
        "the load, so we give no amount.",
        "Add an autoscale setting with a low minimum, or reduce the number of instances.",
        "https://learn.microsoft.com/azure/azure-monitor/autoscale/autoscale-get-started",
    ),
    measure=Measure.RESIZE,
    confidence=Confidence.LOW,
    effort=Effort.LOW,
    resource_types=("microsoft.web/serverfarms",),
    matches=_has_fixed_size,
    evidence=(
        sku_field(),
        property_field("Instances", "numberOfWorkers"),
        property_field("Apps", "numberOfSites"),
    ),
    lookups=(SCALED,),
    has_saving=False,
    undo="Delete the setting and set the number of instances.",
    reads=("elasticScaleEnabled", "numberOfSites", "numberOfWorkers"),
)
