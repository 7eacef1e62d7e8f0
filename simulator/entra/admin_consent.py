"""The admin consent endpoint: an administrator approves the app for the whole tenant.

https://learn.microsoft.com/entra/identity-platform/v2-admin-consent
"""

from simulator.azure_names import SIGN_IN_SCOPES
from simulator.entra import pages
from simulator.entra.authorize_request import ARM_SCOPES, send_back
from simulator.entra.errors import callback_error
from simulator.entra.tenants import known_tenant, tenant_for
from simulator.exchange import Refusal, Request, Response, redirect
from simulator.people import Directory, Person
from simulator.world import World

FLAG = ("admin_consent", "True")


def admin_consent(world: World, request: Request, segment: str) -> Response:
    """`GET /{tenant}/v2.0/adminconsent`."""
    values, _ = _read(world, request, segment)
    action = f"/{segment}/admin-sign-in?{request.query_string}"
    return pages.account_page(world, action, None, values["client_id"].lower())


def admin_sign_in(world: World, request: Request, segment: str) -> Response:
    """`POST /{tenant}/admin-sign-in`: a user was chosen."""
    values, _ = _read(world, request, segment)
    person, tenant = _person(world, request, segment)
    if not person.is_admin:
        parameters = callback_error(world, 90094, values.get("state"))
        return pages.approval_page(world, person, _declined_url(values, [*parameters, FLAG]))
    action = f"/{segment}/admin-decision?{request.query_string}"
    return pages.consent_page(world, action, person, values["scope"].split(), for_tenant=tenant)


def admin_decision(world: World, request: Request, segment: str) -> Response:
    """`POST /{tenant}/admin-decision`: Accept or Cancel was pressed."""
    values, state = _read(world, request, segment)
    person, tenant = _person(world, request, segment)
    if dict(request.form).get("decision") != "accept" or not person.is_admin:
        return redirect(_declined_url(values, [*callback_error(world, 65004, None), FLAG, *state]))
    world.state.grant_for_tenant(tenant.tenant_id)
    parameters = [FLAG, ("tenant", tenant.tenant_id), *state, ("scope", values["scope"])]
    return send_back(values["redirect_uri"], "query", parameters)


def _declined_url(values: dict[str, str], parameters: list[tuple[str, str]]) -> str:
    location = send_back(values["redirect_uri"], "query", parameters).header("Location")
    return f"{location}#"


def _read(world: World, request: Request, segment: str) -> tuple[dict[str, str], list[tuple[str, str]]]:
    def show(code: int, **texts: str) -> Refusal:
        return Refusal(pages.error_page(world, code, **texts))

    values = dict(request.query)
    if segment.lower() == "common":
        raise show(90009)
    try:
        known_tenant(world, segment)
    except Refusal:
        raise show(90002, tenant=segment) from None
    for name in ("client_id", "redirect_uri", "scope"):
        if not values.get(name):
            raise show(900144, value=name)
    if values["client_id"].lower() != world.configuration.application.client_id:
        raise show(700016, value=values["client_id"], tenant=segment)
    if values["redirect_uri"] not in world.redirect_uris(values["client_id"].lower()):
        raise show(50011, redirect_uri=values["redirect_uri"])
    for scope in values["scope"].split():
        if scope not in ARM_SCOPES and scope not in SIGN_IN_SCOPES:
            raise show(650053, value=scope, resource="00000003-0000-0000-c000-000000000000")
    return values, [("state", values["state"])] if "state" in values else []


def _person(world: World, request: Request, segment: str) -> tuple[Person, Directory]:
    username = dict(request.form).get("username", "")
    person = world.configuration.by_username.get(username)
    tenant = tenant_for(person, known_tenant(world, segment)) if person else None
    if person is None or tenant is None:
        values = {"username": username, "issuer": f"{world.base_url}/", "tenant": segment}
        raise Refusal(pages.error_page(world, 50020, **values))
    return person, tenant
