"""Find the cursor of the next page in a response, and request that page."""

import re
from collections.abc import Mapping
from urllib.parse import quote

from shared.arm.endpoints import Endpoint, Paging
from shared.arm.request import Json
from shared.core.errors import UnexpectedPayload

_UNENCODED = re.compile(r"""[ "<>^`{|}]|[^\x00-\x7f]|%(?![0-9A-Fa-f]{2})""")
"""Signs that a query may not hold as they are, and that have one meaning only. Others are left for the allow-list."""


def next_cursor(endpoint: Endpoint, payload: Json) -> str | None:
    """Return the next link or skip token; None on the last page. Raises UnexpectedPayload."""
    if payload is None or endpoint.paging is Paging.NONE:
        return None
    if not isinstance(payload, dict):
        raise UnexpectedPayload(f"the response of {endpoint.name} is not an object")
    if endpoint.paging is Paging.SKIP_TOKEN_BODY:
        return _text(endpoint, payload.get("$skipToken"))
    holder = payload.get("properties") if endpoint.paging is Paging.NEXT_LINK_POST else payload
    if not isinstance(holder, dict):
        raise UnexpectedPayload(f"the response of {endpoint.name} has no properties")
    return _text(endpoint, holder.get("nextLink"))


def _text(endpoint: Endpoint, cursor: Json) -> str | None:
    if cursor is None or isinstance(cursor, str):
        return cursor or None
    raise UnexpectedPayload(f"the next page of {endpoint.name} is not a text")


def body_for(endpoint: Endpoint, body: Mapping[str, Json] | None, cursor: str | None) -> Mapping[str, Json] | None:
    """Return this page's body: the first page's, with the skip token if the endpoint pages by it."""
    if body is None or cursor is None or endpoint.paging is not Paging.SKIP_TOKEN_BODY:
        return body
    return {**body, "options": {**body.get("options", {}), "$skipToken": cursor}}


def link_of(endpoint: Endpoint, cursor: str | None) -> str | None:
    """Return the URL of this page if the cursor is one, percent-encoded: Azure sends some links unencoded."""
    if cursor is None or endpoint.paging is Paging.SKIP_TOKEN_BODY:
        return None
    address, mark, query = cursor.partition("?")
    return address + mark + _UNENCODED.sub(lambda found: quote(found.group(), safe=""), query)
