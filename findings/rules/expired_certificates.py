"""App Service certificates that have expired."""

from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, date_field
from shared.core.findings import Confidence, Effort, Measure


def _has_expired(certificate: Resource, facts: Facts) -> bool:
    expires = certificate.day("expirationDate")
    return expires is not None and expires < facts.today


RULE = Rule(
    name="expired_certificates",
    text=RuleText(
        "App Service certificate",
        "App Service certificates",
        "{count} expired {them}",
        "An expired certificate protects nothing. Browsers refuse a site that still uses it.",
        "Check that no app is bound to the certificate, then delete it.",
        "https://learn.microsoft.com/azure/app-service/configure-ssl-certificate",
    ),
    measure=Measure.TIDY,
    confidence=Confidence.HIGH,
    effort=Effort.LOW,
    resource_types=("microsoft.web/certificates",),
    matches=_has_expired,
    evidence=(date_field("Expired on", "expirationDate"),),
    has_saving=False,
    reads=("expirationDate",),
)
