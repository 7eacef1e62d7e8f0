"""The HTTP client under MSAL: one host, no redirects, no cookies, no answer that MSAL would misread."""

import json
import threading
from collections import OrderedDict
from collections.abc import Mapping
from http import HTTPStatus
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests

from shared.core.errors import ConfigurationError, EntraUnavailable
from shared.identity.tenants import ORGANIZATIONS, TenantNotFound

Fields = Mapping[str, str] | None

TIMEOUTS_SECONDS = (5, 20)
DISCOVERY_DOCUMENTS_KEPT = 500
MALFORMED_TENANT = 900023


class EntraAnswer:
    """An answer in the shape that MSAL asks of its HTTP client."""

    def __init__(self, status_code: int, text: str, headers: Mapping[str, str]) -> None:
        self.status_code = status_code
        self.text = text
        self.headers = headers

    def raise_for_status(self) -> None:
        """Nothing to raise: faults of Entra's were raised as EntraUnavailable before."""


class EntraTransport:
    """Sends to the authority host and to nothing else; safe to share between threads.

    Faults that pass (no answer, 429, 5xx, an answer that is no JSON) are EntraUnavailable
    before MSAL sees them: it would log the text of an answer that it cannot read.
    Discovery documents are kept: MSAL fetches one for each of its short-lived objects.
    """

    def __init__(self, authority_host: str, http: requests.Session | None = None) -> None:
        self._host = authority_host
        self._http = http or requests.Session()
        self._http.trust_env = False  # Neither a .netrc nor a proxy of the machine comes between us and Entra.
        self._http.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))  # Entra's would mix up customers.
        self._documents: OrderedDict[str, EntraAnswer] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, url: str, headers: Fields = None) -> EntraAnswer:
        """A tenant's discovery document. Raises TenantNotFound, EntraUnavailable."""
        with self._lock:
            known = self._documents.get(url)
        return known or self._discover(url, headers)

    def reach(self) -> None:
        """Asks Entra for a discovery document, a new one. Raises EntraUnavailable."""
        self._discover(f"{self._host}/{ORGANIZATIONS}/v2.0/.well-known/openid-configuration", None)

    def post(self, url: str, **options: Fields) -> EntraAnswer:
        """A token request. Raises EntraUnavailable."""
        return self._send("POST", url, options.get("headers"), options.get("data"))

    def close(self) -> None:
        """Left open: the session is shared by all of MSAL's objects."""

    def _discover(self, url: str, headers: Fields) -> EntraAnswer:
        answer = self._send("GET", url, headers)
        document = json.loads(answer.text)
        if answer.status_code == HTTPStatus.OK:
            return self._keep(url, EntraAnswer(200, self._for_msal(document), {}))
        if document.get("error") == "invalid_tenant" or MALFORMED_TENANT in (document.get("error_codes") or ()):
            raise TenantNotFound
        raise EntraUnavailable(f"discovery answered {answer.status_code}")

    def _for_msal(self, document: dict[str, Any]) -> str:
        """The document with https endpoints, as MSAL demands; `_send` turns them back.

        Endpoints of another host mean that the tenant is in another cloud, where this app is not registered.
        """
        ends = {}
        for name in ("authorization_endpoint", "token_endpoint"):
            end = urlsplit(str(document.get(name)))
            if not end.netloc:
                raise EntraUnavailable("a discovery document without endpoints")
            if end.netloc != urlsplit(self._host).netloc:
                raise TenantNotFound
            ends[name] = end._replace(scheme="https").geturl()
        return json.dumps({**document, **ends})

    def _keep(self, url: str, answer: EntraAnswer) -> EntraAnswer:
        with self._lock:
            self._documents[url] = answer
            if len(self._documents) > DISCOVERY_DOCUMENTS_KEPT:
                self._documents.popitem(last=False)
        return answer

    def _send(self, method: str, url: str, headers: Fields, data: Fields = None) -> EntraAnswer:
        parts = urlsplit(url)
        if parts.netloc != urlsplit(self._host).netloc:
            raise ConfigurationError("a token request was about to leave for another host than ENTRA_AUTHORITY_HOST")
        address = parts._replace(scheme=urlsplit(self._host).scheme).geturl()
        try:
            response = self._http.request(
                method, address, headers=headers, data=data, timeout=TIMEOUTS_SECONDS, allow_redirects=False
            )
        except requests.RequestException as error:
            raise EntraUnavailable(f"no answer from Entra: {type(error).__name__}") from None
        return _checked(response)


def _checked(response: requests.Response) -> EntraAnswer:
    """The answer if it is one that means something: JSON, and neither throttled nor a fault."""
    status = response.status_code
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise EntraUnavailable(f"Entra answered {status}")
    try:
        text = response.content.decode()
        is_object = isinstance(json.loads(text), dict)
    except ValueError:
        is_object = False
    if not is_object:
        raise EntraUnavailable(f"Entra answered {status} with something that is no JSON object")
    return EntraAnswer(status, text, dict(response.headers))
