"""Says that the app runs; asks nothing of anything else, so that a slow neighbour never restarts it."""

from shared.wiring import Services
from web.http.messages import Request, Response


def health(request: Request, services: Services) -> Response:  # noqa: ARG001 - every handler has both
    """GET /healthz."""
    return Response(body=b"ok\n", content_type="text/plain; charset=utf-8")
