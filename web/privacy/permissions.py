"""The permissions page, and the same for programs: both made of one document, so that neither can say more."""

import json

from shared.wiring import Services
from web.http.access import current_session
from web.http.messages import Request, Response
from web.rendering.pages import render

FOR_A_WHILE = {"Cache-Control": "public, max-age=3600", "Cross-Origin-Resource-Policy": "cross-origin"}
"""Anybody may keep and embed it: there is nothing of a customer's in it."""

SCHEMA_PATH = "/permissions.schema.json"


def permissions(request: Request, services: Services) -> Response:
    """GET /permissions."""
    from web.privacy.permissions_document import document

    stated = document(services.settings)
    return render("privacy/permissions.html", session=current_session(request, services), stated=stated)


def permissions_json(request: Request, services: Services) -> Response:  # noqa: ARG001 - every handler has both
    """GET /permissions.json: what the page says, for programs. No session is looked at."""
    from web.privacy.permissions_document import document

    address = f"{services.settings.base_url}{SCHEMA_PATH}"
    return _json({"$schema": address, **document(services.settings).model_dump(mode="json")})


def permissions_schema(request: Request, services: Services) -> Response:  # noqa: ARG001 - every handler has both
    """GET /permissions.schema.json: what each member of it means, as JSON Schema."""
    from web.privacy.permissions_document import PermissionsDocument

    return _json(PermissionsDocument.model_json_schema(mode="serialization"))


def _json(value: object) -> Response:
    body = json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"
    return Response(body=body, content_type="application/json; charset=utf-8", headers=FOR_A_WHILE)
