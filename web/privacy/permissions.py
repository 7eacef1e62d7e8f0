"""The permissions page and its JSON form, both from one document."""

import json

from shared.wiring import Services
from web.http.access import current_session
from web.http.messages import Request, Response
from web.rendering.pages import render

PUBLIC_HEADERS = {"Cache-Control": "public, max-age=3600", "Cross-Origin-Resource-Policy": "cross-origin"}
"""Caching and embedding are allowed: the document contains no customer data."""

SCHEMA_PATH = "/permissions.schema.json"


def permissions(request: Request, services: Services) -> Response:
    """GET /permissions."""
    from web.privacy.permissions_document import document

    made = document(services.settings)
    return render("privacy/permissions.html", session=current_session(request, services), document=made)


def permissions_json(request: Request, services: Services) -> Response:  # noqa: ARG001 - every handler has both
    """GET /permissions.json: the content of the page as JSON, without a session."""
    from web.privacy.permissions_document import document

    address = f"{services.settings.base_url}{SCHEMA_PATH}"
    return _json({"$schema": address, **document(services.settings).model_dump(mode="json")})


def permissions_schema(request: Request, services: Services) -> Response:  # noqa: ARG001 - every handler has both
    """GET /permissions.schema.json: the JSON schema of the document."""
    from web.privacy.permissions_document import PermissionsDocument

    return _json(PermissionsDocument.model_json_schema(mode="serialization"))


def _json(value: object) -> Response:
    body = json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"
    return Response(body=body, content_type="application/json; charset=utf-8", headers=PUBLIC_HEADERS)
