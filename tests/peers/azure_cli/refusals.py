"""What Azure refuses although the Bicep compiler takes it, of the resources that would be deployed."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

Resource = Mapping[str, Any]

FLEX_SITE_CONFIG = frozenset(
    {
        "ftpsState", "use32BitWorkerProcess", "netFrameworkVersion", "linuxFxVersion", "preWarmedInstanceCount",
        "functionsRuntimeScaleMonitoringEnabled", "functionAppScaleLimit", "alwaysOn", "windowsFxVersion",
        "javaVersion", "nodeVersion", "phpVersion", "pythonVersion", "powerShellVersion", "minimumElasticInstanceCount",
    }
)  # fmt: skip
FLEX_APP_SETTINGS = frozenset(
    {
        "FUNCTIONS_WORKER_RUNTIME", "FUNCTIONS_WORKER_RUNTIME_VERSION", "FUNCTIONS_EXTENSION_VERSION",
        "FUNCTIONS_WORKER_PROCESS_COUNT", "ENABLE_ORYX_BUILD", "SCM_DO_BUILD_DURING_DEPLOYMENT",
        "WEBSITE_RUN_FROM_PACKAGE", "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING", "WEBSITE_CONTENTSHARE",
        "WEBSITE_CONTENTOVERVNET", "WEBSITE_TIME_ZONE", "WEBSITE_NODE_DEFAULT_VERSION", "WEBSITE_VNET_ROUTE_ALL",
        "WEBSITE_MAX_DYNAMIC_APPLICATION_SCALE_OUT", "FUNCTIONS_MAX_HTTP_CONCURRENCY",
    }
)  # fmt: skip
"""https://learn.microsoft.com/azure/azure-functions/functions-app-settings#flex-consumption-plan-deprecations"""

LONGEST_LOOK_BACK_HOURS = 48
HOURS = {"PT15M": 0.25, "PT30M": 0.5, "PT1H": 1, "P1D": 24, "P2D": 48}


@dataclass(frozen=True)
class Tenant:
    """What a deployment meets: what is registered, what is there already, whose it is."""

    registered: frozenset[str] = frozenset()
    today: date = date(2026, 11, 30)
    server_exists: bool = False
    deleted_names: frozenset[str] = frozenset()
    """Names of deleted key vaults and unique names of deleted applications."""
    owners: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Object ids of the owners of each application that exists, by unique name."""
    deployer: str = ""


Check = Callable[[Resource, Tenant], Iterator[str]]


def of_flex_app(one: Resource, _tenant: Tenant) -> Iterator[str]:
    """51021: site configuration and settings that other plans know."""
    if one["type"] != "Microsoft.Web/sites":
        return
    config = one["properties"]["siteConfig"]
    for name in sorted(FLEX_SITE_CONFIG & set(config)):
        yield f"51021: The following site configuration property (Site.SiteConfig.{name}) is invalid"
    for setting in config.get("appSettings", ()):
        if setting["name"] in FLEX_APP_SETTINGS:
            yield f"51021: The following app setting (Site.SiteConfig.AppSettings.{setting['name']}) is invalid"


def of_provider(one: Resource, tenant: Tenant) -> Iterator[str]:
    """A resource of a provider that is not registered, and a subnet delegated to one."""
    provider = one["type"].partition("/")[0]
    if provider not in (*tenant.registered, "Microsoft.Graph", "Microsoft.Authorization", "Microsoft.Consumption"):
        yield f"MissingSubscriptionRegistration: The subscription is not registered to use namespace '{provider}'"
    for subnet in one.get("properties", {}).get("subnets", ()):
        for delegation in subnet["properties"].get("delegations", ()):
            needed = delegation["properties"]["serviceName"].partition("/")[0]
            if needed not in tenant.registered:
                yield f"ServiceAssociationLink related operation failed. Please check if '{needed}' is registered"


def of_server(one: Resource, tenant: Tenant) -> Iterator[str]:
    """Administrators are taken at creation only."""
    if one["type"] == "Microsoft.Sql/servers" and tenant.server_exists and one["properties"].get("administrators"):
        yield "Invalid value given for parameter AzureADOnlyAuthentication"


def of_alert(one: Resource, _tenant: Tenant) -> Iterator[str]:
    """Look-back, and the least of all queues."""
    if one["type"] == "Microsoft.Insights/scheduledQueryRules":
        properties = one["properties"]
        for criterion in properties["criteria"]["allOf"]:
            periods = criterion.get("failingPeriods", {}).get("numberOfEvaluationPeriods", 1)
            if periods * HOURS[properties["windowSize"]] > LONGEST_LOOK_BACK_HOURS:
                yield f"{one['name']}: it looks back more than 48 hours"
        if not properties.get("skipQueryValidation"):
            yield f"{one['name']}: semantic error, the component is seconds old"
    if one["type"] == "Microsoft.Insights/metricAlerts":
        for criterion in one["properties"]["criteria"]["allOf"]:
            if criterion["timeAggregation"] == "Minimum" and not criterion.get("dimensions"):
                yield f"{one['name']}: the least of all entities is compared, so it never fires"


def of_budget(one: Resource, tenant: Tenant) -> Iterator[str]:
    """A first month in the past."""
    if one["type"] == "Microsoft.Consumption/budgets":
        begins = date.fromisoformat(one["properties"]["timePeriod"]["startDate"])
        if begins.day != 1 or begins < tenant.today.replace(day=1):
            yield "Start date of the budget is invalid"


def of_application(one: Resource, tenant: Tenant) -> Iterator[str]:
    """A unique name that a deleted application holds; an application that another engineer owns."""
    if not one["type"].startswith("Microsoft.Graph/applications@"):
        return
    name = one["properties"]["uniqueName"]
    if name in tenant.deleted_names:
        yield "Another object with the same value for property uniqueName already exists"
    if name in tenant.owners and tenant.deployer not in tenant.owners[name]:
        yield "Forbidden: Insufficient privileges to complete the operation"


def of_vault(one: Resource, tenant: Tenant) -> Iterator[str]:
    """A name that a deleted key vault holds."""
    if one["type"] == "Microsoft.KeyVault/vaults" and one["name"] in tenant.deleted_names:
        yield f"ConflictError: A vault with the same name {one['name']} already exists in deleted state"


CHECKS: tuple[Check, ...] = (
    of_flex_app,
    of_provider,
    of_server,
    of_alert,
    of_budget,
    of_application,
    of_vault,
)


def refusals(resources: Iterable[Resource], tenant: Tenant) -> list[str]:
    """Everything that Azure would refuse, one line each."""
    return [text for one in resources for check in CHECKS for text in check(one, tenant)]
