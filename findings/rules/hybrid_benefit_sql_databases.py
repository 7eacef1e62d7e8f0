"""SQL databases, elastic pools and managed instances billed for a licence that the customer may already own."""

from findings.predicates import is_dev_test
from findings.resource import Resource
from findings.rule import Exclusion, Facts, Rule, RuleText, property_field, sku_field
from shared.core.findings import Confidence, Effort, Measure

MANAGED_INSTANCE = "microsoft.sql/managedinstances"
IN_A_POOL = "elasticpool"


def _pays_for_a_licence(server: Resource, _facts: Facts) -> bool:
    """The benefit exists for vCores only, not for DTUs; a database in a pool has the licence of its pool."""
    has_cores = server.type == MANAGED_INSTANCE or "vcore" in server.kind
    is_included = server.text("licenseType").lower() == "licenseincluded"
    return has_cores and is_included and not server.has("elasticPoolId") and server.sku_text("name") != IN_A_POOL


def _is_serverless(server: Resource, _facts: Facts) -> bool:
    return "serverless" in server.kind or server.sku_text("name").startswith(("gp_s_", "hs_s_"))


def _is_system(server: Resource, _facts: Facts) -> bool:
    return server.name.lower() == "master"


RULE = Rule(
    name="hybrid_benefit_sql_databases",
    text=RuleText(
        "SQL resource",
        "SQL resources",
        "{count} {them} without Azure Hybrid Benefit",
        "The price of these databases, elastic pools and managed instances includes a SQL Server licence. If you own "
        "SQL Server core licences with Software Assurance, you can use them here instead. We cannot see your licences, "
        "so we give no amount.",
        "Check your licence inventory. If you have enough unused core licences, change the licence type. This can be "
        "undone at any time.",
        "https://learn.microsoft.com/azure/azure-sql/azure-hybrid-benefit",
    ),
    measure=Measure.LICENCE,
    confidence=Confidence.MEDIUM,
    effort=Effort.LOW,
    resource_types=("microsoft.sql/servers/databases", "microsoft.sql/servers/elasticpools", MANAGED_INSTANCE),
    matches=_pays_for_a_licence,
    exclusions=(
        Exclusion("serverless databases, which have no such option", _is_serverless),
        Exclusion("system databases", _is_system),
        Exclusion("resources in dev/test subscriptions, which are not billed for a licence", is_dev_test),
    ),
    evidence=(sku_field(), property_field("Licence type", "licenseType"), property_field("vCores", "vCores")),
    has_saving=False,
    reads=("elasticPoolId", "licenseType", "vCores"),
)
