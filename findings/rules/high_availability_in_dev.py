"""Database servers of development and test with a standby."""

from findings.predicates import ENVIRONMENT, is_dev
from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, property_field, sku_field
from shared.core.findings import Confidence, Effort, Measure

MODES = ("zoneredundant", "samezone")


def _exceeds_need(resource: Resource, facts: Facts) -> bool:
    return resource.text("highAvailabilityMode").lower() in MODES and is_dev(resource, facts)


RULE = Rule(
    name="high_availability_in_dev",
    text=RuleText(
        "database server",
        "database servers",
        "{count} {them} with a standby in development and test",
        "High availability runs a second server of the same size, which doubles the price of compute and "
        "storage. Test systems seldom need it. We do not know the price difference in your agreement, so we "
        "give no amount.",
        "Turn off high availability.",
        "https://learn.microsoft.com/azure/postgresql/flexible-server/how-to-manage-high-availability-portal",
    ),
    measure=Measure.RESIZE,
    confidence=Confidence.MEDIUM,
    effort=Effort.LOW,
    resource_types=(
        "microsoft.dbforpostgresql/flexibleservers",
        "microsoft.dbformysql/flexibleservers",
    ),
    matches=_exceeds_need,
    evidence=(
        sku_field(),
        property_field("High availability", "highAvailabilityMode"),
        ENVIRONMENT,
    ),
    has_saving=False,
    undo="Turn on high availability again.",
    reads=("highAvailabilityMode",),
)
