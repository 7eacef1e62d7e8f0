"""The redirect to the Microsoft Entra sign-in page, for customers and operators."""

from dataclasses import replace

from shared.identity.consent import FLOW_MINUTES, FlowStarted
from shared.identity.failures import SignInProblem
from shared.wiring import Services
from web.http.access import set_cookie
from web.http.messages import Response
from web.rendering.pages import render

KEEPS_FLOW_COOKIE = {SignInProblem.OTHER_BROWSER, SignInProblem.STATE_MISMATCH, SignInProblem.INCOMPLETE_CALLBACK}
"""After these problems the browser may still have a sign-in in progress and needs its cookie."""


def to_entra(flow: FlowStarted, cookie_name: str, services: Services) -> Response:
    """Redirect to the Microsoft Entra sign-in page, with the cookie that binds the flow to this browser.

    A page redirects, not an HTTP redirect: `form-action` of the content security policy applies
    to every redirect after a form, and the sign-in address of a federated organisation is unknown.
    https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Content-Security-Policy/form-action
    """
    cookie = set_cookie(cookie_name, flow.cookie_value, FLOW_MINUTES * 60, services)
    return replace(render("customer/sign_in_redirect.html", address=flow.url), cookies=(cookie,))
