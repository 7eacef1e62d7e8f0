"""SQL Server machines that pay for a licence which the customer may own already."""

from findings.resource import Resource
from findings.rule import Exclusion, Facts, Rule, Shown, Words, shown
from shared.core.findings import Confidence, Effort, Measure

FREE_EDITIONS = ("developer", "express")


def _pays_for_a_licence(server: Resource, _facts: Facts) -> bool:
    """`PAYG` alone: `AHUB` uses the benefit already, `DR` is a free replica."""
    return server.text("sqlServerLicenseType").lower() == "payg"


def _is_free(server: Resource, _facts: Facts) -> bool:
    return server.text("sqlImageSku").lower() in FREE_EDITIONS


def _is_dev_test(server: Resource, facts: Facts) -> bool:
    return server.subscription_id.lower() in facts.dev_test_subscriptions


RULE = Rule(
    name="hybrid_benefit_sql",
    words=Words(
        "SQL Server machine",
        "SQL Server machines",
        "{count} {them} eligible for Azure Hybrid Benefit, if you own licences",
        "These machines pay for SQL Server by the hour. Whoever owns SQL Server core licences with Software "
        "Assurance, or subscriptions, may use them here instead. We cannot see which licences you own, so we name no "
        "amount.",
        "Ask whoever keeps your licences. If there are enough free cores, change the licence type of each machine.",
        "https://learn.microsoft.com/azure/azure-sql/virtual-machines/windows/licensing-model-azure-hybrid-benefit-ahb-change",
    ),
    measure=Measure.LICENCE,
    confidence=Confidence.MEDIUM,
    effort=Effort.LOW,
    resource_types=("microsoft.sqlvirtualmachine/sqlvirtualmachines",),
    fits=_pays_for_a_licence,
    exclusions=(
        Exclusion("Developer and Express editions, which are free", _is_free),
        Exclusion("machines in dev/test subscriptions", _is_dev_test),
    ),
    shows=(
        shown("Edition", "sqlImageSku"),
        Shown("Machine", lambda server: server.text("virtualMachineResourceId").rpartition("/")[2]),
    ),
    has_saving=False,
)
