"""Database servers of the retired single-server deployment."""

from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, sku_field
from shared.core.findings import Confidence, Effort, Measure


def _is_retired(_server: Resource, _facts: Facts) -> bool:
    """The type alone says so."""
    return True


RULE = Rule(
    name="retired_database_servers",
    text=RuleText(
        "database server",
        "database servers",
        "{count} {them} of a retired deployment",
        "Microsoft retired Azure Database for MySQL Single Server in 2024, and for PostgreSQL Single Server "
        "and MariaDB in 2025.",
        "Migrate the server to a flexible server.",
        "https://learn.microsoft.com/azure/postgresql/migrate/whats-happening-to-postgresql-single-server",
    ),
    measure=Measure.TIDY,
    confidence=Confidence.HIGH,
    effort=Effort.HIGH,
    resource_types=(
        "microsoft.dbforpostgresql/servers",
        "microsoft.dbformysql/servers",
        "microsoft.dbformariadb/servers",
    ),
    matches=_is_retired,
    evidence=(sku_field(),),
    has_saving=False,
    undo="The migration copies the data: the old server can be kept until the new one is checked.",
)
