"""Every route of the app, asked by those whom it is not for: no one learns whether a thing exists."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import azure.functions as func
import pytest

from function_app import app
from local.host.functions import HttpFunction, index
from shared import wiring
from shared.core.models import Scan, Session
from shared.identity.id_token import Identity
from tests.support.collecting import OTHER_TENANT, USER
from tests.support.desk import ADMINS_ROLE, REVIEWER, Desk
from web.desk.access import OPERATOR_COOKIE
from web.http.access import SESSION_COOKIE

OPEN_TO_ALL = {"desk/sign-in", "desk/callback", "desk/sign-out"}
"""Routes of the desk that no one has a role for yet."""

ROUTES = [(one, method) for one in index(app).http for method in sorted(one.methods or {"GET", "POST"})]
WITH_AN_ID = [(one, method) for one, method in ROUTES if "{" in one.route and "{*" not in one.route]
OF_CUSTOMERS = [pair for pair in WITH_AN_ID if not pair[0].route.startswith(("desk", "static"))]
OF_THE_DESK = [pair for pair in ROUTES if pair[0].route.startswith("desk") and pair[0].route not in OPEN_TO_ALL]
OF_ADMINISTRATORS = [pair for pair in OF_THE_DESK if pair[0].route.startswith("desk/customers")]
STRANGER = Identity(OTHER_TENANT, USER, "stranger@fabrikam.example")
COLLEAGUE = Identity("", "55555555-5555-4555-8555-555555555555", "colleague@contoso.example")


def name_of(value: object) -> str:
    return value.name if isinstance(value, HttpFunction) else str(value)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    wiring.use(made.parts)
    yield made
    wiring.use(None)
    made.close()


def ask(
    route: HttpFunction, method: str, ids: dict[str, str], cookies: dict[str, str], token: str = ""
) -> tuple[int, bytes, str]:
    """The status, the body and the headers of the answer, through the function itself."""
    base = "http://127.0.0.1:7071"
    headers = {
        "sec-fetch-site": "same-origin",
        "origin": base,
        "cookie": "; ".join(f"{n}={v}" for n, v in cookies.items()),
    }
    if token:
        headers["authorization"] = f"Bearer {token}"
    path = route.route
    for name, value in ids.items():
        path = path.replace(f"{{{name}}}", value).replace(f"{{*{name}}}", value)
    form = b"reason=because&to=nobody&text=x" if method == "POST" else b""
    if form:
        headers["content-type"] = "application/x-www-form-urlencoded"
    request = func.HttpRequest(method, f"{base}/{path}", headers=headers, params={}, route_params=ids, body=form)
    answer = route.call(request)
    assert isinstance(answer, func.HttpResponse)
    return answer.status_code, answer.get_body(), json.dumps(sorted(answer.headers.items()))


def ids_of(route: HttpFunction, scan_id: str) -> dict[str, str]:
    """The scan's id, and for every other part of the route an id that nothing has."""
    names = [part[1:-1] for part in route.route.split("/") if part.startswith("{")]
    return {name: scan_id if name == "scan_id" else "00000000-0000-4000-8000-00000000000f" for name in names}


def not_there(route: HttpFunction) -> dict[str, str]:
    return ids_of(route, str(uuid4()))


def customers(desk: Desk, who: Identity) -> dict[str, str]:
    return {SESSION_COOKIE: desk.parts.sessions.create(who)}


def api_token(desk: Desk, who: Identity) -> str:
    """A token of the API, which a session does not open."""
    now = desk.parts.clock.now()
    return desk.parts.api_tokens.create(
        Session(who.tenant_id, who.user_object_id, who.username, now, now + timedelta(hours=1)), "Test", 1
    )


@pytest.mark.parametrize(("route", "method"), OF_CUSTOMERS, ids=name_of)
def test_another_customers_id_is_answered_like_one_that_does_not_exist(
    desk: Desk, route: HttpFunction, method: str
) -> None:
    scan: Scan = desk.consented_scan()
    own_tenant = Identity(scan.tenant_id, COLLEAGUE.user_object_id, COLLEAGUE.username)
    for who in (STRANGER, own_tenant):
        cookies, token = customers(desk, who), api_token(desk, who) if route.route.startswith("api/") else ""
        answer = ask(route, method, ids_of(route, scan.scan_id), cookies, token)
        assert answer[0] == 404
        assert answer == ask(route, method, not_there(route), cookies, token)


@pytest.mark.parametrize(("route", "method"), OF_THE_DESK, ids=name_of)
def test_to_a_user_without_a_role_a_route_of_the_desk_is_an_address_that_does_not_exist(
    desk: Desk, route: HttpFunction, method: str
) -> None:
    scan = desk.consented_scan()
    owner = Identity(scan.tenant_id, scan.user_object_id, "owner@contoso.example")
    (nowhere,) = (one for one in index(app).http if "{*" in one.route)
    without_role = desk.parts.operator_sessions.create(REVIEWER, frozenset())
    for cookies in ({}, customers(desk, owner), {OPERATOR_COOKIE: without_role}, {OPERATOR_COOKIE: "x" * 43}):
        unknown = ask(nowhere, method, {"path": "desk/no/such/page"}, cookies)
        assert unknown[0] == 404
        assert ask(route, method, ids_of(route, scan.scan_id), cookies) == unknown


@pytest.mark.parametrize(("route", "method"), [pair for pair in OF_THE_DESK if pair in WITH_AN_ID], ids=name_of)
def test_a_reviewer_too_finds_nothing_under_an_id_that_nothing_has(
    desk: Desk, route: HttpFunction, method: str
) -> None:
    desk.sign_in()
    (nowhere,) = (one for one in index(app).http if "{*" in one.route)
    unknown = ask(nowhere, method, {"path": "desk/no/such/page"}, desk.cookies)
    for scan_id in (str(uuid4()), "x", "../x", "%00"):
        assert ask(route, method, ids_of(route, scan_id), desk.cookies) == unknown


@pytest.mark.parametrize(("route", "method"), OF_ADMINISTRATORS, ids=name_of)
def test_to_a_reviewer_a_route_of_administrators_is_an_address_that_does_not_exist(
    desk: Desk, route: HttpFunction, method: str
) -> None:
    scan = desk.consented_scan()
    desk.sign_in()
    (nowhere,) = (one for one in index(app).http if "{*" in one.route)
    unknown = ask(nowhere, method, {"path": "desk/no/such/page"}, desk.cookies)
    ids = {**ids_of(route, scan.scan_id), **({"tenant_id": scan.tenant_id} if "tenant_id" in route.route else {})}
    assert ask(route, method, ids, desk.cookies) == unknown


@pytest.mark.parametrize(("route", "method"), [pair for pair in OF_ADMINISTRATORS if pair in WITH_AN_ID], ids=name_of)
def test_an_administrator_too_finds_nothing_of_a_customer_that_there_is_not(
    desk: Desk, route: HttpFunction, method: str
) -> None:
    desk.consented_scan()
    desk.sign_in(roles=ADMINS_ROLE)
    (nowhere,) = (one for one in index(app).http if "{*" in one.route)
    unknown = ask(nowhere, method, {"path": "desk/no/such/page"}, desk.cookies)
    for tenant_id in (OTHER_TENANT, "x", "../x", "%00"):
        assert ask(route, method, {**ids_of(route, ""), "tenant_id": tenant_id}, desk.cookies) == unknown


def test_there_are_routes_to_hold_to_this() -> None:
    assert len(OF_CUSTOMERS) >= 2
    assert len(OF_THE_DESK) >= 6
    assert len(OF_ADMINISTRATORS) >= 7
