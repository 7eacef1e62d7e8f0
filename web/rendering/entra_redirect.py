"""The redirect to the Microsoft Entra sign-in page, for customers and operators."""

from dataclasses import replace

from shared.identity.consent import FLOW_MINUTES, FlowStarted
from shared.identity.failures import SignInProblem
from shared.wiring import Services
from web.http.access import (
    FLOW_COOKIE,
    set_cookie,
)
from web.http.messages import Response
from web.rendering.pages import render

STAYS_OPEN = {SignInProblem.OTHER_BROWSER, SignInProblem.STATE_MISMATCH, SignInProblem.INCOMPLETE_CALLBACK}
"""After these this browser may have a sign-in open still, whose cookie it needs."""
NOT_BEGUN_HERE = STAYS_OPEN | {SignInProblem.EXPIRED}
"""These come of callbacks without a sign-in that this browser has begun."""


def to_entra(flow: FlowStarted, services: Services) -> Response:
    """Off to Entra, with the cookie that binds the flow to this browser.

    By a page, not a redirect: a policy's `form-action` holds for every redirect that follows
    a form, and where a federated organisation signs its people in cannot be known.
    https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Content-Security-Policy/form-action
    """
    cookie = set_cookie(FLOW_COOKIE, flow.cookie_value, FLOW_MINUTES * 60, services)
    return replace(render("customer/leaving.html", address=flow.url), cookies=(cookie,))
