"""App Service plans whose apps are all stopped."""

from collections.abc import Iterable

from findings.resource import Resource
from findings.rule import Exclusion, Facts, Lookup, Rule, RuleText, property_field, sku_field
from shared.core.findings import Confidence, Effort, Measure

SITES = ("microsoft.web/sites",)
FREE_TIERS = ("free", "shared", "dynamic", "flexconsumption")


def _plan(site: Resource) -> Iterable[str]:
    yield site.id_of("serverFarmId")


def _plan_of_running(site: Resource) -> Iterable[str]:
    """Of a site that runs, or whose state is not known."""
    if site.text("state").lower() != "stopped":
        yield site.id_of("serverFarmId")


WITH_APPS = Lookup(SITES, _plan, reads=("serverFarmId",))
WITH_RUNNING_APPS = Lookup(SITES, _plan_of_running, reads=("serverFarmId", "state"))


def _has_only_stopped_apps(plan: Resource, facts: Facts) -> bool:
    has_apps = plan.count("numberOfSites") > 0 and facts.known(WITH_APPS, plan.resource_id)
    return has_apps and not facts.known(WITH_RUNNING_APPS, plan.resource_id)


def _is_free(plan: Resource, _facts: Facts) -> bool:
    return plan.sku_text("tier") in FREE_TIERS


RULE = Rule(
    name="plans_with_stopped_apps",
    text=RuleText(
        "App Service plan",
        "App Service plans",
        "{count} {them} with stopped apps only",
        "Stopping an app does not stop the charge: the plan is billed for its instances, whether or not an app runs. "
        "All apps of these plans that we can see are stopped.",
        "Ask the owner whether the apps are still needed. If not, delete them and the plan; otherwise move them to the "
        "Free tier or to a plan that is in use.",
        "https://learn.microsoft.com/azure/app-service/overview-hosting-plans",
    ),
    measure=Measure.REMOVE,
    confidence=Confidence.MEDIUM,
    effort=Effort.MEDIUM,
    resource_types=("microsoft.web/serverfarms",),
    matches=_has_only_stopped_apps,
    exclusions=(Exclusion("plans without a charge for instances", _is_free),),
    evidence=(
        sku_field(),
        property_field("Apps", "numberOfSites"),
        property_field("Instances", "numberOfWorkers"),
    ),
    lookups=(WITH_APPS, WITH_RUNNING_APPS),
    reads=("numberOfSites", "numberOfWorkers"),
)
