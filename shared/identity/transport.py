"""The HTTP client for MSAL: one host, no redirects, no cookies, no response that MSAL would misread."""

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


class EntraResponse:
    """A response in the interface that MSAL expects of its HTTP client."""

    def __init__(self, status_code: int, text: str, headers: Mapping[str, str]) -> None:
        self.status_code = status_code
        self.text = text
        self.headers = headers

    def raise_for_status(self) -> None:
        """Do nothing: Entra's failures were raised as EntraUnavailable before."""


class EntraTransport:
    """Sends to the authority host only. Thread-safe.

    Transient failures (no answer, 429, 5xx, a response that is not JSON) become EntraUnavailable
    before MSAL sees them: it would log the text of an unreadable response. Discovery documents
    are cached: MSAL fetches one for each of its short-lived objects.
    """

    def __init__(self, authority_host: str, http: requests.Session | None = None) -> None:
        self._host = authority_host
        self._http = http or requests.Session()
        self._http.trust_env = False  # Ignore the machine's .netrc and proxy.
        self._http.cookies.set_policy(
            DefaultCookiePolicy(allowed_domains=[])
        )  # Entra's cookies would mix up customers.
        self._documents: OrderedDict[str, EntraResponse] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, url: str, headers: Fields = None) -> EntraResponse:
        """Return a tenant's discovery document. Raises TenantNotFound, EntraUnavailable."""
        with self._lock:
            known = self._documents.get(url)
        return known or self._discover(url, headers)

    def check_connection(self) -> None:
        """Fetch a discovery document, bypassing the cache. Raises EntraUnavailable."""
        self._discover(f"{self._host}/{ORGANIZATIONS}/v2.0/.well-known/openid-configuration", None)

    def post(self, url: str, **options: Fields) -> EntraResponse:
        """Send a token request. Raises EntraUnavailable."""
        return self._send("POST", url, options.get("headers"), options.get("data"))

    def close(self) -> None:
        """Do nothing: the session is shared by all of MSAL's objects."""

    def _discover(self, url: str, headers: Fields) -> EntraResponse:
        answer = self._send("GET", url, headers)
        document = json.loads(answer.text)
        if answer.status_code == HTTPStatus.OK:
            return self._keep(url, EntraResponse(200, self._for_msal(document), {}))
        if document.get("error") == "invalid_tenant" or MALFORMED_TENANT in (document.get("error_codes") or ()):
            raise TenantNotFound
        raise EntraUnavailable(f"discovery answered {answer.status_code}")

    def _for_msal(self, document: dict[str, Any]) -> str:
        """Return the document with https endpoints, as MSAL requires; `_send` restores the scheme.

        Endpoints on another host mean that the tenant is in another cloud, where this app is not registered.
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

    def _keep(self, url: str, answer: EntraResponse) -> EntraResponse:
        with self._lock:
            self._documents[url] = answer
            if len(self._documents) > DISCOVERY_DOCUMENTS_KEPT:
                self._documents.popitem(last=False)
        return answer

    def _send(self, method: str, url: str, headers: Fields, data: Fields = None) -> EntraResponse:
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


def _checked(response: requests.Response) -> EntraResponse:
    """Return the response if it is usable: a JSON object, neither throttled nor a failure."""
    status = response.status_code
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise EntraUnavailable(f"Entra answered {status}")
    try:
        text = response.content.decode()
        is_object = isinstance(json.loads(text), dict)
    except ValueError:
        is_object = False
    if not is_object:
        raise EntraUnavailable(f"Entra answered {status} without a JSON object")
    return EntraResponse(status, text, dict(response.headers))
