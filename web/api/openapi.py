"""The description of the API, OpenAPI 3.1, made of the table of operations and their documents' types."""

import json
import re
from functools import cache
from typing import Any

from pydantic.json_schema import models_json_schema

from shared.core.limits import API_REQUESTS
from shared.core.periods import API_TOKEN_DAYS
from shared.wiring import Services
from web.api.models import Problem
from web.api.operations import JSON_TYPE, OPERATIONS, Operation
from web.http.messages import Request, Response
from web.rendering.problems import PROBLEM_TYPE

REF = "#/components/schemas/{model}"
REFUSALS = {
    "400": "The query is not valid.",
    "401": "The token is missing, unknown, expired or revoked.",
    "404": "There is no such scan of yours.",
    "409": "The scan is still running.",
    "429": f"More than {API_REQUESTS.number} requests in an hour.",
}


def openapi_json(_request: Request, _services: Services) -> Response:
    """GET /api/v1/openapi.json: open to all, it holds no data."""
    return Response(body=json.dumps(document(), ensure_ascii=False).encode(), content_type=JSON_TYPE)


@cache
def document() -> dict[str, Any]:
    """Return the description."""
    documents = [(one.model, "serialization") for one in OPERATIONS] + [(Problem, "serialization")]
    _, schemas = models_json_schema(documents, ref_template=REF)  # type: ignore[arg-type]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Caleta Cost Review",
            "version": "1",
            "description": f"Read-only. Create a token on the page “API tokens”; it is valid for up to "
            f"{API_TOKEN_DAYS} days. Amounts are decimal numbers in text, of one currency each.",
        },
        "paths": {one.path: {"get": _operation(one)} for one in OPERATIONS},
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}],
    }


def _operation(one: Operation) -> dict[str, Any]:
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
        for name in re.findall(r"\{(\w+)\}", one.path)
    ]
    in_query = [
        {"name": name, "in": "query", "description": text, "schema": {"type": "string"}}
        for name, text in one.query.items()
    ]
    schema = {"$ref": REF.format(model=one.model.__name__)}
    refusal = {PROBLEM_TYPE: {"schema": {"$ref": REF.format(model=Problem.__name__)}}}
    return {
        "operationId": one.operation_id,
        "summary": one.summary,
        "parameters": [*in_path, *in_query],
        "responses": {
            "200": {"description": "The document.", "content": {JSON_TYPE: {"schema": schema}}},
            **{status: {"description": text, "content": refusal} for status, text in REFUSALS.items()},
        },
    }
