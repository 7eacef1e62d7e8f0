"""SQL Server virtual machines billed for a licence that the customer may already own."""

from findings.predicates import is_dev_test
from findings.resource import Resource
from findings.rule import EvidenceField, Exclusion, Facts, Rule, RuleText, property_field
from findings.rules.disks_of_deallocated_machines import DEALLOCATED
from shared.core.findings import Confidence, Effort, Measure

LICENSED_EDITIONS = ("standard", "enterprise")
"""Developer and Express are free; the price of Web has no licence that could be brought."""


def _pays_for_a_licence(server: Resource, _facts: Facts) -> bool:
    """Only `PAYG`: `AHUB` already uses the benefit, and `DR` is a free replica."""
    return server.text("sqlServerLicenseType").lower() == "payg"


def _has_no_benefit(server: Resource, _facts: Facts) -> bool:
    return server.text("sqlImageSku").lower() not in LICENSED_EDITIONS


def _is_deallocated(server: Resource, facts: Facts) -> bool:
    return facts.known(DEALLOCATED, server.id_of("virtualMachineResourceId"))


RULE = Rule(
    name="hybrid_benefit_sql",
    text=RuleText(
        "SQL Server virtual machine",
        "SQL Server virtual machines",
        "{count} {them} without Azure Hybrid Benefit",
        "These virtual machines pay for SQL Server by the hour. If you own SQL Server core licences with Software "
        "Assurance, or subscription licences, you can use them here instead. We cannot see your licences, so we give "
        "no amount.",
        "Check your licence inventory. If you have enough unused core licences, change the licence type of each "
        "virtual machine.",
        "https://learn.microsoft.com/azure/azure-sql/virtual-machines/windows/licensing-model-azure-hybrid-benefit-ahb-change",
    ),
    measure=Measure.LICENCE,
    confidence=Confidence.MEDIUM,
    effort=Effort.LOW,
    resource_types=("microsoft.sqlvirtualmachine/sqlvirtualmachines",),
    matches=_pays_for_a_licence,
    exclusions=(
        Exclusion("editions other than Standard and Enterprise, which the benefit does not cover", _has_no_benefit),
        Exclusion("virtual machines in dev/test subscriptions", is_dev_test),
        Exclusion("deallocated virtual machines, which are not billed for a licence", _is_deallocated),
    ),
    lookups=(DEALLOCATED,),
    evidence=(
        property_field("Edition", "sqlImageSku"),
        EvidenceField("Virtual machine", lambda server: server.text("virtualMachineResourceId").rpartition("/")[2]),
    ),
    has_saving=False,
    reads=("sqlImageSku", "sqlServerLicenseType", "virtualMachineResourceId"),
)
