"""MSAL itself, over real HTTP, against the simulated Entra."""

import threading
from collections.abc import Iterator

import msal
import pytest
import requests

from simulator.configuration import NEUTRAL
from simulator.exchange import Json, Response
from simulator.options import Options
from simulator.people import CONTOSO
from simulator.server import TenantServer
from simulator.state import State
from simulator.world import World
from tests.unit.simulator.visitor import CALLBACK, callback, form_action

ARM = ["https://management.azure.com/user_impersonation"]
OWNER = "owner@contoso.example"


class PlainTransport:
    """Takes MSAL's https addresses of this machine to http, as the app does in a local run."""

    def __init__(self) -> None:
        self.session = requests.Session()

    def get(self, url: str, **options: Json) -> requests.Response:
        return self.session.get(url.replace("https://127.0.0.1", "http://127.0.0.1"), **options)

    def post(self, url: str, **options: Json) -> requests.Response:
        return self.session.post(url.replace("https://127.0.0.1", "http://127.0.0.1"), **options)

    def close(self) -> None:
        self.session.close()


@pytest.fixture
def server() -> Iterator[TenantServer]:
    server = TenantServer(World(Options(port=0, size="tiny"), state=State(None)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def transport() -> Iterator[PlainTransport]:
    transport = PlainTransport()
    yield transport
    transport.close()


def application(server: TenantServer, transport: PlainTransport, tenant: str) -> msal.ConfidentialClientApplication:
    return msal.ConfidentialClientApplication(
        NEUTRAL.application.client_id,
        client_credential=NEUTRAL.application.client_secret,
        authority=f"https://127.0.0.1:{server.world.port}/{tenant}",
        instance_discovery=False,
        http_client=transport,
        client_capabilities=["CP1"],
    )


def sign_in(server: TenantServer, transport: PlainTransport, address: str) -> dict[str, str]:
    """What a browser does with the authorize address."""

    def seen(response: requests.Response) -> Response:
        return Response(response.status_code, response.content, tuple(response.headers.items()))

    def press(page: Response, **fields: str) -> Response:
        url = server.world.base_url + form_action(page)
        return seen(transport.session.post(url, data=fields, allow_redirects=False))

    page = press(seen(transport.get(address)), username=OWNER)
    return callback(press(page, username=OWNER, decision="accept"))


@pytest.mark.filterwarnings("ignore:response_mode=.form_post.")
def test_msal_signs_in_and_refreshes(server: TenantServer, transport: PlainTransport) -> None:
    app = application(server, transport, "organizations")
    flow = app.initiate_auth_code_flow(ARM, redirect_uri=CALLBACK, response_mode="query")
    tokens = app.acquire_token_by_auth_code_flow(flow, sign_in(server, transport, flow["auth_uri"]))
    assert tokens["id_token_claims"]["tid"] == CONTOSO.tenant_id
    assert tokens["scope"].split()[0] == ARM[0]
    again = app.acquire_token_by_refresh_token(tokens["refresh_token"], ARM)
    assert again["access_token"] != tokens["access_token"]
    claims = server.world.signer.claims(tokens["access_token"])
    assert claims is not None
    assert claims["xms_cc"] == ["CP1"]


def test_msal_learns_the_tenants_id_from_its_domain(server: TenantServer, transport: PlainTransport) -> None:
    assert application(server, transport, CONTOSO.domain).authority.tenant == CONTOSO.tenant_id


def test_msal_finds_no_unknown_tenant(server: TenantServer, transport: PlainTransport) -> None:
    with pytest.raises(ValueError, match="authority"):
        application(server, transport, "nowhere.example")


def test_msal_raises_when_entra_is_down(server: TenantServer, transport: PlainTransport) -> None:
    app = application(server, transport, "organizations")
    server.world.faults.set("entra_down", 1)
    with pytest.raises(msal.exceptions.MsalServiceError):
        app.acquire_token_by_refresh_token("any", ARM)


def test_the_key_set_belongs_to_the_tokens(server: TenantServer, transport: PlainTransport) -> None:
    document = transport.get(f"{server.world.base_url}/organizations/v2.0/.well-known/openid-configuration").json()
    keys = transport.get(document["jwks_uri"]).json()["keys"]
    assert [key["kid"] for key in keys] == [server.world.signer.key_id]
    assert document["issuer"] == f"{server.world.base_url}/{{tenantid}}/v2.0"
