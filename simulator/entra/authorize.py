"""Sign-in: pick an account, consent, return to the app with a code."""

from dataclasses import replace
from uuid import uuid4

from simulator.entra import authorize_request, browser_session, pages
from simulator.entra.authorize_request import AuthorizeRequest, entra_query, send_back
from simulator.entra.browser_session import BrowserSession
from simulator.entra.errors import callback_error
from simulator.entra.tenants import tenant_for
from simulator.entra.tokens import Grant, client_info, demanded, new_code
from simulator.exchange import Refusal, Request, Response
from simulator.people import Directory, Person
from simulator.world import World


def authorize(world: World, request: Request, segment: str) -> Response:
    """`GET /{tenant}/oauth2/v2.0/authorize`."""
    asked = authorize_request.read(world, request, segment)
    if asked.prompt == "none":
        return _silently(world, request, asked)
    action = f"/{segment}/sign-in?{asked.query_string}"
    return pages.account_page(world, action, asked.login_hint, asked.client_id, asked.tenant)


def _silently(world: World, request: Request, asked: AuthorizeRequest) -> Response:
    """Without a page: for the user who is signed in in this browser, and needs to consent to nothing."""
    session = browser_session.current(world, request)
    if session is None or asked.login_hint not in (None, session.person.username) or asked.tenant != session.tenant:
        return _refused(world, asked, 50058)
    object_id = session.person.object_ids[session.tenant.tenant_id]
    is_granted = world.state.is_granted(session.tenant.tenant_id, object_id, asked.scopes)
    if not is_granted and not world.configuration.is_for_operators(asked.client_id):
        return _refused(world, asked, 65001)
    return _issue(world, asked, session)


def sign_in(world: World, request: Request, segment: str) -> Response:
    """`POST /{tenant}/sign-in`: a user was chosen."""
    asked = authorize_request.read(world, request, segment)
    person, tenant = _person(world, request, asked)
    if person.sign_in_refusal:
        return _refused(world, asked, person.sign_in_refusal, username=person.username)
    object_id = person.object_ids[tenant.tenant_id]
    if world.faults.strikes("entra_no_azure"):
        return _refused(world, asked, 650052, tenant=tenant.tenant_id)
    if world.configuration.is_for_operators(asked.client_id):  # An administrator approved it for the whole tenant.
        return _accepted(world, asked, person, tenant)
    if world.state.is_granted(tenant.tenant_id, object_id, asked.scopes) and asked.prompt != "consent":
        return _accepted(world, asked, person, tenant)
    if not person.may_consent:
        parameters = callback_error(world, 90094, asked.state)
        return pages.approval_page(world, person, f"{asked.redirect_uri}?{entra_query(parameters)}")
    return pages.consent_page(world, f"/{segment}/consent?{asked.query_string}", person, asked.scopes)


def consent(world: World, request: Request, segment: str) -> Response:
    """`POST /{tenant}/consent`: Accept or Cancel was pressed."""
    asked = authorize_request.read(world, request, segment)
    person, tenant = _person(world, request, asked)
    fields = dict(request.form)
    if fields.get("decision") != "accept" or not person.may_consent or person.sign_in_refusal:
        return _refused(world, asked, 65004)
    world.state.grant(tenant.tenant_id, person.object_ids[tenant.tenant_id], asked.scopes)
    if person.is_admin and fields.get("for_organisation"):
        world.state.grant_for_tenant(tenant.tenant_id)
    return _accepted(world, replace(asked, prompt=""), person, tenant)


def _person(world: World, request: Request, asked: AuthorizeRequest) -> tuple[Person, Directory]:
    username = dict(request.form).get("username", "")
    person = world.configuration.by_username.get(username)
    tenant = tenant_for(person, asked.tenant) if person else None
    if person is None or tenant is None:
        values = {"username": username, "issuer": f"{world.base_url}/", "tenant": asked.segment}
        raise Refusal(pages.error_page(world, 50020, **values))
    return person, tenant


def _refused(world: World, asked: AuthorizeRequest, code: int, **values: str) -> Response:
    return send_back(asked.redirect_uri, asked.response_mode, callback_error(world, code, asked.state, **values))


def _accepted(world: World, asked: AuthorizeRequest, person: Person, tenant: Directory) -> Response:
    session = BrowserSession(person, tenant, world.now())
    return browser_session.begin(world, _issue(world, asked, session), session)


def _issue(world: World, asked: AuthorizeRequest, session: BrowserSession) -> Response:
    """Return to the app with a code for the user of the session."""
    grant = Grant(
        username=session.person.username,
        client_id=asked.client_id,
        tenant_id=session.tenant.tenant_id,
        segment=asked.segment.lower(),
        scopes=asked.scopes,
        redirect_uri=asked.redirect_uri,
        nonce=asked.nonce,
        code_challenge=asked.code_challenge,
        challenge_method=asked.challenge_method,
        authentication_contexts=tuple(demanded(asked.claims, "acrs")),
        signed_in_at=session.signed_in_at,
    )
    parameters = [("code", new_code(world, grant))]
    if asked.wants_client_info:
        parameters.append(("client_info", client_info(session.person)))
    if asked.state is not None:
        parameters.append(("state", asked.state))
    parameters.append(("session_state", str(uuid4())))
    return send_back(asked.redirect_uri, asked.response_mode, parameters)
