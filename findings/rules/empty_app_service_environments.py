"""App Service Environments without plans."""

from collections.abc import Iterable

from findings.resource import Resource
from findings.rule import EvidenceField, Facts, Lookup, Rule, RuleText
from shared.core.findings import Confidence, Effort, Measure


def _environment(plan: Resource) -> Iterable[str]:
    if plan.has("hostingEnvironmentId"):
        yield plan.id_of("hostingEnvironmentId")


FILLED = Lookup(("microsoft.web/serverfarms",), _environment, reads=("hostingEnvironmentId",))


def _is_empty(environment: Resource, facts: Facts) -> bool:
    return not facts.known(FILLED, environment.resource_id)


RULE = Rule(
    name="empty_app_service_environments",
    text=RuleText(
        "App Service Environment",
        "App Service Environments",
        "{count} {them} without plans",
        "An App Service Environment of version 3 is billed for at least one instance even if it holds no plan.",
        "Check that no deployment is about to use it, then delete it.",
        "https://learn.microsoft.com/azure/app-service/environment/overview",
    ),
    measure=Measure.REMOVE,
    confidence=Confidence.HIGH,
    effort=Effort.MEDIUM,
    resource_types=("microsoft.web/hostingenvironments",),
    matches=_is_empty,
    evidence=(EvidenceField("Kind", lambda environment: environment.kind),),
    lookups=(FILLED,),
    undo="Creating an environment takes hours.",
)
