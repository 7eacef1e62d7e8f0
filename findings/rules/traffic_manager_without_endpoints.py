"""Traffic Manager profiles without endpoints."""

from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, property_field
from shared.core.findings import Confidence, Effort, Measure


def _has_no_endpoint(profile: Resource, _facts: Facts) -> bool:
    """Azure always sends the list, empty or not: a profile whose list was not read is not judged."""
    return profile.properties.get("endpointsCount") == 0


RULE = Rule(
    name="traffic_manager_without_endpoints",
    text=RuleText(
        "Traffic Manager profile",
        "Traffic Manager profiles",
        "{count} {them} without endpoints",
        "A Traffic Manager profile without endpoints answers no DNS query.",
        "Delete the profile after you have checked that no DNS record points to it.",
        "https://learn.microsoft.com/azure/traffic-manager/traffic-manager-overview",
    ),
    measure=Measure.REMOVE,
    confidence=Confidence.HIGH,
    effort=Effort.LOW,
    resource_types=("microsoft.network/trafficmanagerprofiles",),
    matches=_has_no_endpoint,
    evidence=(property_field("Status", "profileStatus"),),
    reads=("endpointsCount", "profileStatus"),
)
