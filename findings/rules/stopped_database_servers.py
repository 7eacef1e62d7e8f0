"""Flexible database servers that are stopped, so only their storage is billed."""

from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, property_field, sku_field
from shared.core.findings import Confidence, Effort, Measure


def _is_stopped(server: Resource, _facts: Facts) -> bool:
    """Only `Stopped`: Azure starts a stopped server again after a while, and says so in other states."""
    return server.text("state").lower() == "stopped"


RULE = Rule(
    name="stopped_database_servers",
    text=RuleText(
        "database server",
        "database servers",
        "{count} stopped {them}",
        "A stopped flexible server is still billed for its storage and backups, and Azure starts it again by itself "
        "after some days, with all charges.",
        "Ask the owner whether the data is still needed. If not, export it and delete the server.",
        "https://learn.microsoft.com/azure/postgresql/flexible-server/how-to-stop-start-server-portal",
    ),
    measure=Measure.REMOVE,
    confidence=Confidence.LOW,
    effort=Effort.MEDIUM,
    resource_types=("microsoft.dbforpostgresql/flexibleservers", "microsoft.dbformysql/flexibleservers"),
    matches=_is_stopped,
    evidence=(sku_field(), property_field("State", "state"), property_field("Version", "version")),
    reads=("state", "version"),
)
