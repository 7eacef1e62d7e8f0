"""Find the cursor of the next page in a response, and request that page."""

from collections.abc import Mapping

from shared.arm.endpoints import Endpoint, Paging
from shared.arm.request import Json
from shared.core.errors import UnexpectedPayload


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
    """Return the URL of this page if the cursor is one."""
    return None if endpoint.paging is Paging.SKIP_TOKEN_BODY else cursor
