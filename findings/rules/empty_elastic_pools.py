"""SQL elastic pools without a database."""

from collections.abc import Iterable

from findings.resource import Resource
from findings.rule import Facts, Lookup, Rule, Words, shown_day, shown_sku
from shared.core.findings import Confidence, Effort, Measure


def _pool(database: Resource) -> Iterable[str]:
    if database.has("elasticPoolId"):
        yield database.id_of("elasticPoolId")


FILLED = Lookup(("microsoft.sql/servers/databases",), _pool)


def _is_empty(pool: Resource, facts: Facts) -> bool:
    return not facts.known(FILLED, pool.resource_id)


RULE = Rule(
    name="empty_elastic_pools",
    words=Words(
        "elastic pool",
        "elastic pools",
        "{count} {them} without a database",
        "An elastic pool is billed for the capacity that it holds ready. No database is in these.",
        "Delete the pool. It can be made again in minutes when databases are to share capacity.",
        "https://learn.microsoft.com/azure/azure-sql/database/elastic-pool-overview",
    ),
    measure=Measure.REMOVE,
    confidence=Confidence.HIGH,
    effort=Effort.LOW,
    resource_types=("microsoft.sql/servers/elasticpools",),
    fits=_is_empty,
    shows=(shown_sku(), shown_day("Created", "creationDate")),
    lookups=(FILLED,),
)
