"""Addresses that Azure does not have: for local runs and tests to inspect and steer the simulation."""

import json
from datetime import UTC, date, datetime
from html import escape

from simulator.entra.errors import REFRESH_REFUSALS
from simulator.entra.pages import page
from simulator.exchange import Json, Refusal, Request, Response, json_response
from simulator.faults import FOREVER, KNOWN
from simulator.people import CONTOSO, Person
from simulator.truth import truth as worked_out
from simulator.world import World


def _bad(text: str) -> Refusal:
    return Refusal(json_response(400, {"error": text}))


def _person(world: World, username: object) -> Person:
    known = world.configuration.by_username
    if username not in known:
        raise _bad(f"username must be one of {', '.join(known)}")
    return known[str(username)]


def _body(request: Request) -> Json:
    try:
        body = json.loads(request.body or b"{}")
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise _bad("the body must be a JSON object")
    return body


def truth(world: World, request: Request) -> Response:
    """`GET /_simulation/truth?username=…&as_of=YYYY-MM-DD[&tenant=id]`: see truth.py."""
    person = _person(world, request.parameter("username") or f"owner@{CONTOSO.domain}")
    today = datetime.fromtimestamp(world.now(), UTC).date().isoformat()
    try:
        as_of = date.fromisoformat(request.parameter("as_of") or today)
    except ValueError:
        raise _bad("as_of must be a date such as 2026-11-23") from None
    tenant_id = request.parameter("tenant") or person.home.tenant_id
    if tenant_id not in person.object_ids:
        raise _bad(f"{person.username} is not in that tenant")
    return json_response(200, worked_out(world.estate, person, tenant_id, as_of))


def issued(world: World, _request: Request) -> Response:
    """`GET /_simulation/issued`: every secret that left or reached this process."""
    return json_response(200, {"issued": world.state.issued()})


def requests(world: World, _request: Request) -> Response:
    """`GET /_simulation/requests`: what reached Resource Manager since the start or the last DELETE."""
    return json_response(200, world.requests.summary())


def clear_requests(world: World, _request: Request) -> Response:
    """`DELETE /_simulation/requests`: restarts counting."""
    world.requests.clear()
    return Response(204)


def mails(world: World, _request: Request) -> Response:
    """`GET /_simulation/mails`: every accepted mail, oldest first."""
    taken = [{"sender": sender, "message": message} for sender, message, _ in reversed(world.state.mails())]
    return json_response(200, {"mails": taken})


def users(world: World, _request: Request) -> Response:
    """`GET /_simulation/users`: the sample users."""
    people = [
        {
            "username": person.username,
            "name": person.name,
            "about": person.about,
            "home_tenant_id": person.home.tenant_id,
            "object_ids": person.object_ids,
        }
        for person in world.configuration.people
    ]
    return json_response(200, {"users": people})


def faults(world: World, _request: Request) -> Response:
    """`GET /_simulation/faults`: all faults, those that are on, and how often each struck."""
    return json_response(200, {"known": KNOWN, "on": world.faults.state(), "struck": world.faults.struck()})


def set_faults(world: World, request: Request) -> Response:
    """`POST /_simulation/faults {"arm_503": 2, "entra_down": true, "arm_drop": false}`."""
    for name, value in _body(request).items():
        if name not in KNOWN or not isinstance(value, int) or value < 0:
            raise _bad(f"unknown fault, or not a number or true or false: {name}")
        world.faults.set(name, FOREVER if value is True else int(value))
    return json_response(200, {"on": world.faults.state()})


def revoke(world: World, request: Request) -> Response:
    """`POST /_simulation/revoke {"username", "code"?}`: makes Entra refuse a user's refresh tokens.

    65001 (the default) withdraws consent; another code of REFRESH_REFUSALS is
    the error for refresh tokens issued until now.
    """
    body = _body(request)
    person, code = _person(world, body.get("username")), body.get("code", 65001)
    if code not in REFRESH_REFUSALS:
        raise _bad(f"code must be one of {', '.join(map(str, REFRESH_REFUSALS))}")
    if code == 65001:
        for tenant_id, object_id in person.object_ids.items():
            world.state.withdraw(tenant_id, object_id)
    else:
        world.state.refuse(person.username, code, world.now())
    return json_response(200, {"username": person.username, "code": code})


def set_roles(world: World, request: Request) -> Response:
    """`POST /_simulation/roles {"username", "roles"}`: changes a reviewer's app roles, as an administrator does."""
    body = _body(request)
    person, roles = _person(world, body.get("username")), body.get("roles")
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
        raise _bad("roles must be a list of names")
    world.operator_roles[person.username] = tuple(roles)
    return json_response(200, {"username": person.username, "roles": roles})


def front_page(world: World, _request: Request) -> Response:
    """`GET /`: the options and the sample users."""
    people = "".join(
        f"<li>{escape(person.username)} {escape(person.about)}</li>" for person in world.configuration.people
    )
    options = world.options
    content = (
        f"<p>Seed {options.seed}, size {options.size}, estate {options.estate}, speed-up {options.speed_up:g}.</p>"
        f'<h2>Sample users</h2><ul>{people}</ul><p><a href="/outbox">Outbox</a></p>'
    )
    return page(200, "Simulated Azure tenant", content)
