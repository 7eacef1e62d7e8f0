"""SQL elastic pools without databases."""

from collections.abc import Iterable

from findings.resource import Resource
from findings.rule import Facts, Lookup, Rule, RuleText, date_field, sku_field
from shared.core.findings import Confidence, Effort, Measure


def _pool(database: Resource) -> Iterable[str]:
    if database.has("elasticPoolId"):
        yield database.id_of("elasticPoolId")


FILLED = Lookup(("microsoft.sql/servers/databases",), _pool, reads=("elasticPoolId",))


def _is_empty(pool: Resource, facts: Facts) -> bool:
    return not facts.known(FILLED, pool.resource_id)


RULE = Rule(
    name="empty_elastic_pools",
    text=RuleText(
        "elastic pool",
        "elastic pools",
        "{count} {them} without databases",
        "An elastic pool is billed for its provisioned capacity. These pools contain no databases.",
        "Delete the pool. You can recreate it in minutes when databases need to share capacity.",
        "https://learn.microsoft.com/azure/azure-sql/database/elastic-pool-overview",
    ),
    measure=Measure.REMOVE,
    confidence=Confidence.HIGH,
    effort=Effort.LOW,
    resource_types=("microsoft.sql/servers/elasticpools",),
    matches=_is_empty,
    evidence=(sku_field(), date_field("Created", "creationDate")),
    lookups=(FILLED,),
    reads=("creationDate",),
)
