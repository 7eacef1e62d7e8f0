"""SQL databases whose name says that they are a copy."""

import re
from datetime import timedelta

from findings.resource import Resource
from findings.rule import Exclusion, Facts, Rule, RuleText, date_field, sku_field
from shared.core.findings import Confidence, Effort, Measure

COPY = re.compile(r"(?:^|[-_ ])(?:copy|old|bak|backup|restored?)(?:[-_ ]?\d*)$", re.IGNORECASE)


def _is_named_like_a_copy(database: Resource, _facts: Facts) -> bool:
    """A database in a pool is billed by the pool."""
    return COPY.search(database.name) is not None and not database.has("elasticPoolId")


def _is_new(database: Resource, facts: Facts) -> bool:
    created = database.day("creationDate")
    return created is None or facts.today - created < timedelta(days=30)


RULE = Rule(
    name="databases_named_as_copies",
    text=RuleText(
        "SQL database",
        "SQL databases",
        "{count} {them} named like a copy",
        "Databases named like a copy or a backup are often made before a change and never deleted. The name "
        "is all that we know: we do not read what is in them, nor who connects.",
        "Ask the owner. If the copy is not needed, export it and delete it: Azure keeps its backups for the "
        "retention period.",
        "https://learn.microsoft.com/azure/azure-sql/database/database-copy",
    ),
    measure=Measure.REMOVE,
    confidence=Confidence.LOW,
    effort=Effort.LOW,
    resource_types=("microsoft.sql/servers/databases",),
    matches=_is_named_like_a_copy,
    exclusions=(Exclusion("databases created within the last 30 days", _is_new),),
    evidence=(
        sku_field(),
        date_field("Created", "creationDate"),
    ),
    undo="Restore the deleted database within its retention period.",
    reads=("creationDate", "elasticPoolId"),
)
