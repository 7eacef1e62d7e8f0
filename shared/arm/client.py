"""The one HTTP client to Azure Resource Manager; every call carries the signed-in user's token."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Callable
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import quote, urlencode

import requests
from requests.adapters import HTTPAdapter

from shared.arm import allow_list
from shared.arm.challenge import claims_challenge
from shared.arm.error_body import read_error
from shared.arm.errors import NO_ACCESS_CODES, OTHER_TENANT_CODES, FailedResponse, classify
from shared.arm.paging import body_for, link_of, next_cursor
from shared.arm.request import ArmPage, ArmRequest, TokenSource
from shared.arm.response import ArmResponse, receive
from shared.core.clock import Clock
from shared.core.errors import AzureUnavailable, CallNotAllowed, PagesWithoutEnd
from shared.observability.events import Event
from shared.observability.telemetry import note, span
from shared.observability.work_log import log_event

CONNECT_SECONDS, READ_SECONDS = 10, 60
CONNECTIONS = 64
"""Maximum open connections: as many as a worker has threads."""

CLIENT_TYPE = "CaletaCostReview"
"""Our own value gives us our own quota bucket; without it, all tools of a tenant share one."""

ResponseListener = Callable[[ArmResponse], None]

log = logging.getLogger(__name__)


class ArmClient:
    """Send allowed calls and nothing else. Thread-safe; keeps no customer data."""

    def __init__(
        self, arm_endpoint: str, clock: Clock, http: requests.Session | None = None, *, on_demand: bool = False
    ) -> None:
        """`on_demand` allows the endpoints that are for reviewers' requests only."""
        self._arm_endpoint = arm_endpoint
        self._on_demand = on_demand
        self._clock = clock
        self._http = http or _session()
        # A proxy's or netrc's credentials, or one customer's cookies, would travel with another's call.
        self._http.trust_env = False
        self._http.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        # At DEBUG it logs whole URLs, and next links carry a $skiptoken.
        logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)

    def send(self, request: ArmRequest, tokens: TokenSource, cursor: str | None = None) -> ArmPage:
        """Return one page; `cursor` is the `next_cursor` of the page before.

        Raises Throttled, AzureUnavailable, NoDataYet, PermissionMissing, NotOffered,
        QueryRefused, UnexpectedPayload, CallNotAllowed, and what the token source raises.
        """
        return self.send_observed(request, tokens, cursor, lambda _: None)

    def send_observed(
        self, request: ArmRequest, tokens: TokenSource, cursor: str | None, on_response: ResponseListener
    ) -> ArmPage:
        """Send like `send`; `on_response` receives every response before it is interpreted."""
        answer = self._authenticated(request, cursor, tokens)
        on_response(answer)
        return _page(request, cursor, answer)

    def _authenticated(self, request: ArmRequest, cursor: str | None, tokens: TokenSource) -> ArmResponse:
        """Send with a token that Azure accepts: renewed at most once, and at most one claims challenge met.

        A 401 that names a missing role is returned as it is: a new token would not help.
        """
        answer = self._exchange(request, cursor, tokens.access_token())
        has_renewed, met = False, None
        while answer.status == 401:
            claims = claims_challenge(answer.headers.get("www-authenticate"))
            if claims is not None and met is not None:
                raise tokens.challenge_not_met(claims)
            if claims is None and (has_renewed or _is_final(answer)):
                break
            # A renewed token keeps the requested claims: without them it would be challenged again.
            met, has_renewed = claims or met, has_renewed or claims is None
            why = "Azure challenged the token" if claims else "Azure refused the token"
            log_event(log, Event.ARM_RETRIED, why, endpoint=request.endpoint.name)
            token = tokens.access_token(renew=claims is None, claims_challenge=met)
            answer = self._exchange(request, cursor, token)
        return answer

    def _exchange(self, request: ArmRequest, cursor: str | None, token: str) -> ArmResponse:
        with span(f"arm {request.endpoint.name}"):
            return self._send(request, self._prepare(request, cursor, token))

    def _send(self, request: ArmRequest, prepared: requests.PreparedRequest) -> ArmResponse:
        started = self._clock.now()
        try:
            # Streamed, so that an endless body is noticed; never redirected: the token would go along.
            with self._http.send(
                prepared, stream=True, allow_redirects=False, timeout=(CONNECT_SECONDS, READ_SECONDS)
            ) as response:
                answer = receive(response, request.endpoint.name, self._clock)
        except requests.RequestException as error:
            kind = type(error).__name__
            log_event(log, Event.ARM_CALL_FAILED, kind, level=logging.WARNING, endpoint=request.endpoint.name)
            raise AzureUnavailable(f"{request.endpoint.name}: {kind}", kind) from None
        _log_call(request, answer, (answer.received_at - started).total_seconds())
        note(status=answer.status, bytes=len(answer.body), request_id=answer.request_id)
        return answer

    def _prepare(self, request: ArmRequest, cursor: str | None, token: str) -> requests.PreparedRequest:
        """Return the call as it will be sent, checked against the allow-list."""
        endpoint, link = request.endpoint, link_of(request.endpoint, cursor)
        url = link or self._first_url(request)
        body = body_for(endpoint, request.body, cursor)
        if endpoint.on_demand and not self._on_demand:
            raise CallNotAllowed(f"{endpoint.name} is for a reviewer's request only")
        allow_list.check_scope(body, request.scope)
        if link is not None:
            allow_list.check_next(self._arm_endpoint, endpoint, link, request.subscription_id)
        prepared = self._http.prepare_request(
            requests.Request(
                endpoint.method,
                url,
                headers=_headers(request, token),
                data=None if body is None else json.dumps(body, separators=(",", ":")).encode(),
            )
        )
        sent_url = prepared.url or ""
        if link is not None:
            allow_list.check_next(self._arm_endpoint, endpoint, sent_url, request.subscription_id)
        elif allow_list.check(self._arm_endpoint, endpoint.method, sent_url, request.subscription_id) != endpoint:
            raise CallNotAllowed(f"{endpoint.name} is not in the allow-list in this form")
        return prepared

    def _first_url(self, request: ArmRequest) -> str:
        endpoint = request.endpoint
        path = endpoint.path.format(subscription_id=request.subscription_id)
        query = urlencode({"api-version": endpoint.api_version, **request.query}, safe="$/'", quote_via=quote)
        return f"{self._arm_endpoint}{path}?{query}"


def _session() -> requests.Session:
    http = requests.Session()
    http.mount("https://", HTTPAdapter(pool_maxsize=CONNECTIONS))
    http.mount("http://", HTTPAdapter(pool_maxsize=CONNECTIONS))
    return http


def _headers(request: ArmRequest, token: str) -> dict[str, str]:
    headers = {
        "Authorization": f"Bearer {token}",
        "Accept": "application/json",
        "User-Agent": CLIENT_TYPE,
        "x-ms-client-request-id": str(uuid.uuid4()),
    }
    if request.body is not None:
        headers["Content-Type"] = "application/json"
    if "Microsoft.CostManagement" in request.endpoint.path:
        headers["ClientType"] = CLIENT_TYPE
    return headers


def _is_final(refused: ArmResponse) -> bool:
    key = read_error(refused.payload, refused.status).key
    return key in OTHER_TENANT_CODES or (key in NO_ACCESS_CODES and "www-authenticate" not in refused.headers)


def _page(request: ArmRequest, cursor: str | None, answer: ArmResponse) -> ArmPage:
    """Return the response as a page, or raise the error that it stands for."""
    body = read_error(answer.payload, answer.status)
    if answer.status not in (200, 204) or not answer.is_json or body.is_error:
        raise classify(
            FailedResponse(
                request.endpoint, request.subscription_id, answer.status, answer.headers, body,
                answer.is_json, answer.received_at,
            )
        )  # fmt: skip
    following = next_cursor(request.endpoint, answer.payload)
    if following is not None and following == cursor:
        raise PagesWithoutEnd(f"{request.endpoint.name} names the same page as the next one")
    return ArmPage(answer.status, answer.body, answer.payload, following)


def _log_call(request: ArmRequest, answer: ArmResponse, seconds: float) -> None:
    """Log one line per call, without its URL, body or token."""
    log_event(
        log,
        Event.ARM_CALLED,
        endpoint=request.endpoint.name,
        status=answer.status,
        ms=round(seconds * 1000),
        bytes=len(answer.body),
        request_id=answer.request_id,
        quota=answer.quota_remaining,
    )
