"""Roles are read again through the simulated tenant's Entra, with the session store that the app uses."""

import html
import json
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import requests
from requests.adapters import BaseAdapter

from local.registration import REGISTRATION
from shared.core.audit import Action, Outcome
from shared.identity.entra import EntraClient
from shared.identity.operator_sessions import ROLES_READ_AGAIN_MINUTES
from shared.identity.operators import OPERATORS, OperatorSignIns, operators_settings
from simulator.exchange import Request
from simulator.exchange import Response as Answer
from simulator.options import Options
from simulator.routes import answer
from simulator.signing import new_key
from simulator.state import State
from simulator.world import World
from tests.support.desk import Desk
from tests.unit.simulator.visitor import form_action
from tests.unit.web.desk.test_sign_in import SignIn
from web.desk.reviews import desk_queue
from web.desk.sign_in import desk_callback, desk_sign_in
from web.http.messages import Response

SIMULATOR = "http://127.0.0.1:7072"
REVIEWER = "reviewer@caleta.example"
SILENT = {"mode": "silent", "return_to": "/desk"}


class SimulatedEntra(BaseAdapter):
    """Answers the app's requests to Entra, in this process, and a browser's, with its cookie."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        self.cookie = ""

    def session(self) -> requests.Session:
        made = requests.Session()
        made.mount("http://", self)
        made.mount("https://", self)
        return made

    def send(self, request: requests.PreparedRequest, *_: object, **__: object) -> requests.Response:
        parts, body = urlsplit(str(request.url)), request.body or b""
        headers = {name.lower(): value for name, value in request.headers.items()}
        found = self._answer(request.method or "GET", parts.path, parts.query, headers, body)
        response = requests.Response()
        response.status_code, response._content, response.url = found.status, found.body, str(request.url)
        response.headers.update(dict(found.headers))
        response.request = request
        return response

    def close(self) -> None:
        """Nothing is open."""

    def browse(self, method: str, url: str, body: str = "") -> Answer:
        """The browser follows a link or sends a form; it keeps Entra's cookie."""
        parts = urlsplit(url)
        found = self._answer(method, parts.path, parts.query, {"cookie": self.cookie}, body)
        self.cookie = (found.header("Set-Cookie") or self.cookie).partition(";")[0]
        return found

    def _answer(self, method: str, path: str, query: str, headers: Mapping[str, str], body: str | bytes) -> Answer:
        content = body.encode() if isinstance(body, str) else body
        found = answer(self.world, Request(method, path, query, {"host": "127.0.0.1:7072", **headers}, content))
        assert found is not None
        return found


class AtTheDesk(SignIn):
    """A reviewer's browser between the desk and the simulated Entra; both have the same time."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        parts, state, operators = desk.parts, State(None), REGISTRATION.operators.application
        state.setting("signing_key", new_key)
        parts.settings = replace(
            parts.settings,
            authority_host=SIMULATOR,
            operator_tenant_id=REGISTRATION.operators_tenant.tenant_id,
            operator_client_id=operators.client_id,
            operator_client_secret=operators.client_secret,
        )

        def now() -> float:
            return parts.time.now().timestamp()

        options = Options(size="tiny", configuration=REGISTRATION, app_urls=(parts.settings.base_url,))
        self.simulated = SimulatedEntra(World(options, state=state, now=now, tick=now))
        settings = operators_settings(parts.settings)
        client = EntraClient(settings, self.simulated.session(), OPERATORS)
        parts.operator_sign_ins = OperatorSignIns(settings, client, parts.tables, parts.vault, parts.time)

    def signs_in(self, username: str = REVIEWER) -> Response:
        """Choose the account on Entra's page, and come back."""
        page = self.simulated.browse("GET", self._address(None))
        return self._back(self.simulated.browse("POST", form_action(page), urlencode({"username": username})))

    def reads_roles_again(self) -> Response:
        """What the desk's page does by itself: Entra answers without a page."""
        return self._back(self.simulated.browse("GET", self._address(SILENT)))

    def _address(self, form: Mapping[str, str] | None) -> str:
        page = html.unescape(self.send(desk_sign_in, "POST", form=form).body.decode())
        return page.partition(f'href="{SIMULATOR}')[2].partition('"')[0]

    def _back(self, redirection: Answer) -> Response:
        location = redirection.header("Location")
        assert location is not None
        return self.send(desk_callback, "GET", dict(parse_qsl(urlsplit(location).query)))

    def takes_role_away(self) -> None:
        body = json.dumps({"username": REVIEWER, "roles": []})
        assert self.simulated.browse("POST", "/_simulation/roles", body).status == 200

    def waits(self, minutes: float) -> None:
        self.desk.parts.time.sleep(minutes * 60)


@pytest.fixture
def at_the_desk(desk: Desk) -> AtTheDesk:
    made = AtTheDesk(desk)
    assert made.signs_in().headers["Location"] == "/desk"
    assert made.send(desk_queue, "GET").status == 200
    return made


def test_a_role_that_stays_is_confirmed_without_a_page(at_the_desk: AtTheDesk) -> None:
    at_the_desk.waits(ROLES_READ_AGAIN_MINUTES)
    assert at_the_desk.send(desk_queue, "GET").status == 401
    assert at_the_desk.reads_roles_again().status == 303
    assert at_the_desk.send(desk_queue, "GET").status == 200


def test_a_role_that_was_taken_away_ends_at_the_next_check(at_the_desk: AtTheDesk) -> None:
    at_the_desk.takes_role_away()
    assert at_the_desk.send(desk_queue, "GET").status == 200, "until the check, the session says what it was given"
    at_the_desk.waits(ROLES_READ_AGAIN_MINUTES)
    assert at_the_desk.send(desk_queue, "GET").status == 401
    assert at_the_desk.reads_roles_again().status == 403
    assert at_the_desk.send(desk_queue, "GET").status == 404
    assert at_the_desk.events()[-1] == (Action.OPERATOR_REFUSED, Outcome.REFUSED, REVIEWER)


def test_every_other_browser_of_the_user_is_signed_out_with_it(at_the_desk: AtTheDesk) -> None:
    first = dict(at_the_desk.desk.cookies)
    at_the_desk.desk.cookies = {}
    at_the_desk.signs_in()
    at_the_desk.takes_role_away()
    at_the_desk.waits(ROLES_READ_AGAIN_MINUTES)
    assert at_the_desk.reads_roles_again().status == 403
    at_the_desk.desk.cookies = first
    assert at_the_desk.send(desk_queue, "GET").status == 404


def test_another_user_in_the_browser_confirms_nothing(at_the_desk: AtTheDesk) -> None:
    at_the_desk.waits(ROLES_READ_AGAIN_MINUTES)
    at_the_desk.simulated.cookie = ""
    assert at_the_desk.reads_roles_again().headers["Location"] == "/desk/sign-in"
    assert at_the_desk.send(desk_queue, "GET").status == 404
