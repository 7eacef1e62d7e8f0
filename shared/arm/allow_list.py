"""Enforce the allow-list of endpoints.py.

The checks parse the URL that is about to be sent, not the intended one. A next link comes
from a response, so it is not trusted.
"""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import SplitResult, parse_qsl, urlsplit

from shared.arm.endpoints import ENDPOINTS, Endpoint
from shared.arm.kql.query import rejection_reason
from shared.arm.request import Json
from shared.core.errors import CallNotAllowed, UnexpectedPayload

MAX_URL_LENGTH = 16_384
DEFAULT_PORTS = {"https": 443, "http": 80}
IDENTIFIER = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

_NAMED_SUBSCRIPTION = re.compile(r"(?i)/subscriptions/([^/']*)")
_PRINTABLE = re.compile(r"[!-~]+")
_API_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(?:-preview)?")


def check(arm_endpoint: str, method: str, url: str, subscription_id: str | None) -> Endpoint:
    """Return the endpoint that allows this call, api-version included; raises CallNotAllowed otherwise.

    `subscription_id` is the one subscription that the call may concern.
    """
    endpoint, api_version = _match(arm_endpoint, method, url, subscription_id)
    if endpoint is None or api_version != endpoint.api_version:
        raise CallNotAllowed(f"a {method[:10]} call that is not in the allow-list was about to be sent")
    return endpoint


def check_next(arm_endpoint: str, endpoint: Endpoint, url: str, subscription_id: str | None) -> None:
    """Check that the next link stays on the same call and subscription; raises UnexpectedPayload otherwise.

    Its api-version may differ: Azure changes it and expects its own link unchanged.
    """
    found, api_version = _match(arm_endpoint, endpoint.method, url, subscription_id)
    if found is not endpoint or api_version is None:
        raise UnexpectedPayload(f"the next link of {endpoint.name} leads elsewhere")


def check_scope(body: Mapping[str, Json] | None, subscription_ids: Sequence[str | None]) -> None:
    """Check that the body concerns only these subscriptions and allowed tables; raises CallNotAllowed otherwise.

    Without a scope, Resource Graph returns everything that the user can see, delegated
    subscriptions of other tenants included.
    """
    if body is None:
        return
    if "query" in body:
        _check_query(body, subscription_ids)
    dataset = body.get("dataset")
    filters = (body.get("filter"), dataset.get("filter") if isinstance(dataset, dict) else None)
    for named in _NAMED_SUBSCRIPTION.findall(str(filters)):
        if named.lower() not in subscription_ids:
            raise CallNotAllowed("a filter that names another subscription was about to be sent")


def _check_query(body: Mapping[str, Json], subscription_ids: Sequence[str | None]) -> None:
    are_ids = all(isinstance(each, str) and IDENTIFIER.fullmatch(each) for each in subscription_ids)
    if not are_ids or body.get("subscriptions") != list(subscription_ids) or "managementGroups" in body:
        raise CallNotAllowed("a query about other subscriptions than the allowed ones was about to be sent")
    rejection = rejection_reason(str(body["query"]))
    if rejection is not None:
        raise CallNotAllowed("a query of tables or columns that are never read was about to be sent")


def _match(arm_endpoint: str, method: str, url: str, subscription_id: str | None) -> tuple[Endpoint | None, str | None]:
    parts = _split(url)
    if parts is None or _origin(parts) != _origin(urlsplit(arm_endpoint)):
        return None, None
    allowed = (endpoint for endpoint in ENDPOINTS if endpoint.method == method)
    matching = (endpoint for endpoint in allowed if endpoint.path_pattern().fullmatch(parts.path))
    endpoint = next(matching, None)
    if endpoint is None or not _is_about(endpoint, parts.path, subscription_id):
        return None, None
    return endpoint, _api_version(parts.query)


def _split(url: str) -> SplitResult | None:
    """Return the URL's parts; None for a URL that can be parsed in more than one way."""
    if len(url) > MAX_URL_LENGTH or "\\" in url or not _PRINTABLE.fullmatch(url):
        return None
    try:
        parts = urlsplit(url)
        has_stranger = parts.username is not None or parts.password is not None or parts.port == 0
    except ValueError:
        return None
    return None if has_stranger or "#" in url or "%" in parts.path else parts


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or DEFAULT_PORTS.get(parts.scheme)


def _is_about(endpoint: Endpoint, path: str, subscription_id: str | None) -> bool:
    if "{subscription_id}" not in endpoint.path:
        return True
    if subscription_id is None or not IDENTIFIER.fullmatch(subscription_id):
        return False
    return path.lower() == endpoint.path.format(subscription_id=subscription_id).lower()


def _api_version(query: str) -> str | None:
    """Return the single api-version of the query; None if there is none or more than one."""
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=50)
    except ValueError:
        return None
    versions = [value for name, value in pairs if name.strip().lower() == "api-version"]
    return versions[0] if len(versions) == 1 and _API_VERSION.fullmatch(versions[0]) else None
