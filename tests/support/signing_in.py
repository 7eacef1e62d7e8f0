"""A browser that signs in: real pages, stores and protocol, in front of an Entra of a few lines."""

import html
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from local.tables import LocalTableStore
from shared.core.models import Connection
from shared.core.settings import Environment
from shared.identity.broker import TokenBroker
from shared.identity.entra import READERS, EntraClient
from shared.identity.vault import TokenVault
from shared.mail.content import MailContent
from shared.mail.graph import GraphMail
from tests.support.collecting import Surroundings
from tests.support.entra_double import BASE_URL, KEY, TENANT, USER, EntraDouble, granted, id_claims, settings
from web.customer.consent import consent_callback, consent_start
from web.error_pages import Handler, answer
from web.http.messages import Request, Response

OWN_FORM = {"sec-fetch-site": "same-origin", "origin": BASE_URL}


class Mailbox(GraphMail):
    """Keeps what is sent; `refusal` is raised instead."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, MailContent]] = []
        self.refusal: Exception | None = None

    def send(self, content: MailContent, recipient: str, request_id: str) -> None:  # noqa: ARG002
        if self.refusal is not None:
            raise self.refusal
        self.sent.append((recipient, content))


class SigningIn:
    """One browser with its cookies, and what stands behind the pages."""

    def __init__(self, folder: Path, environment: Environment = Environment.AZURE) -> None:
        self.entra = EntraDouble()
        self.folder = folder
        self.parts = Surroundings(folder)
        self.parts.settings = settings(environment=environment)
        self.parts.entra = EntraClient(self.parts.settings, self.entra.session)
        self.parts.entra_for_readers = EntraClient(self.parts.settings, self.entra.session, READERS)
        self.parts.vault = TokenVault((KEY,))
        self.parts.tables = self.tables = LocalTableStore(folder / "tables.db")
        self.parts.mail = self.mailbox = Mailbox()
        self.parts.tokens = TokenBroker(self.parts.entra, self.parts.database, self.parts.vault, self.parts.time)
        self.clock = self.parts.time
        self.cookies: dict[str, str] = {}

    def close(self) -> None:
        self.parts.database.dispose()
        self.tables.close()

    def get(self, handler: Handler, query: Mapping[str, str] | None = None, **route: str) -> Response:
        return self._ask(handler, Request("GET", "/", route, query=query or {}, cookies=self.cookies))

    def post(
        self,
        handler: Handler,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        **route: str,
    ) -> Response:
        sent = OWN_FORM if headers is None else headers
        return self._ask(handler, Request("POST", "/", route, form=form or {}, cookies=self.cookies, headers=sent))

    def _ask(self, handler: Handler, request: Request) -> Response:
        response = answer(handler, request, self.parts)
        for cookie in response.cookies:
            self.cookies.pop(cookie.name, None)
            if cookie.max_age_seconds:
                self.cookies[cookie.name] = cookie.value
        return response

    def start(self, tenant: str | None = None) -> dict[str, str]:
        """Begins a sign-in; what Entra is asked."""
        response = self.post(consent_start, {"tenant": tenant} if tenant else {})
        assert response.status == 200, response.body
        return asked(response)

    def accept(self, query: Mapping[str, str], **claims: object) -> dict[str, str]:
        """Entra takes the code of this sign-in; the callback's query."""
        told = id_claims(**{"nonce": query["nonce"], **claims})
        self.entra.answers = [(200, granted(told))]
        return {"code": "the-code", "state": query["state"], "session_state": "x"}

    def sign_in(self, tenant: str | None = None, **claims: object) -> Response:
        return self.finish(self.start(tenant), **claims)

    def finish(self, query: Mapping[str, str], **claims: object) -> Response:
        """Entra sends the browser back from this sign-in."""
        return self.get(consent_callback, self.accept(query, **claims))

    @property
    def connection(self) -> Connection | None:
        return self.parts.connections.get(TENANT, USER)


def destination(response: Response) -> str:
    """Where a page leads by itself; its link, for a test that stops that, leads there too."""
    (address,) = re.findall(r'<meta http-equiv="refresh" content="0; url=([^"]+)">', response.body.decode())
    assert f'href="{address}"' in response.body.decode()
    return html.unescape(address)


def asked(response: Response) -> dict[str, str]:
    """What Entra is asked when the browser continues."""
    return dict(parse_qsl(urlsplit(destination(response)).query))


def refusal(query: Mapping[str, str], error: str, code: int) -> dict[str, str]:
    """A callback with which Entra refuses this sign-in."""
    return {"error": error, "error_description": f"AADSTS{code}: No.\r\nTrace ID: 1", "state": query["state"]}
