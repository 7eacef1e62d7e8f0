"""How to report a vulnerability: a page, and /.well-known/security.txt for programs.

https://www.rfc-editor.org/rfc/rfc9116
"""

from datetime import date

from shared.core.periods import add_months
from shared.wiring import Services
from web.http.access import current_session
from web.http.messages import Request, Response
from web.rendering.pages import CONTACT, render

REVIEWED_ON = date(2026, 11, 30)
"""The day on which a person last checked the contact and the policy. A test fails a month before they expire."""

VALID_MONTHS = 11
"""RFC 9116 recommends less than a year."""

POLICY_PATH = "/security"
CANONICAL_PATH = "/.well-known/security.txt"

ACKNOWLEDGE_WORKING_DAYS = 2
ASSESS_WORKING_DAYS = 10
DISCLOSE_DAYS = 90

PROMISES = (
    f"We acknowledge your report within {ACKNOWLEDGE_WORKING_DAYS} working days.",
    f"We send you our assessment, and a date for the fix, within {ASSESS_WORKING_DAYS} working days.",
    "We notify every affected customer and say which data was involved.",
    f"We agree the date of publication with you, no later than {DISCLOSE_DAYS} days after your report.",
    "We credit you if you wish.",
    "We take no legal action against good-faith research that follows this policy.",
)
"""SECURITY.md says the same; a test compares them."""


def expires_on() -> date:
    """The first day on which the file is no longer to be used."""
    return add_months(REVIEWED_ON, VALID_MONTHS)


def security_page(request: Request, services: Services) -> Response:
    """GET /security."""
    return render("privacy/security.html", session=current_session(request, services), promises=PROMISES)


def security_txt(request: Request, services: Services) -> Response:  # noqa: ARG001 - every handler has both
    """GET /.well-known/security.txt."""
    base_url = services.settings.base_url
    fields = (
        ("Contact", f"mailto:{CONTACT}"),
        ("Expires", f"{expires_on()}T00:00:00Z"),
        ("Preferred-Languages", "en"),
        ("Canonical", f"{base_url}{CANONICAL_PATH}"),
        ("Policy", f"{base_url}{POLICY_PATH}"),
    )
    text = "".join(f"{name}: {value}\n" for name, value in fields)
    return Response(body=text.encode(), content_type="text/plain; charset=utf-8")
