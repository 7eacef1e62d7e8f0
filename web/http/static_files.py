"""Static files: a fixed list, read only from the folder `static`."""

from pathlib import Path

from shared.core.errors import NotFound
from shared.wiring import Services
from web.http.messages import Request, Response

FOLDER = Path(__file__).parents[1] / "static"

CONTENT_TYPES = {
    "app.css": "text/css; charset=utf-8",
    "finding_editor.js": "text/javascript; charset=utf-8",
    "findings.css": "text/css; charset=utf-8",
    "savings.js": "text/javascript; charset=utf-8",
    "report.css": "text/css; charset=utf-8",
    "board.css": "text/css; charset=utf-8",
    "desk.css": "text/css; charset=utf-8",
    "favicon.svg": "image/svg+xml",
    "sign_in_again.js": "text/javascript; charset=utf-8",
    "progress.js": "text/javascript; charset=utf-8",
}


def static(request: Request, services: Services) -> Response:  # noqa: ARG001 - every handler has both
    """GET /static/{name}."""
    name = request.route.get("name", "")
    if name not in CONTENT_TYPES:
        raise NotFound("File not found", "Go to the start page.")
    return Response(
        body=(FOLDER / name).read_bytes(),
        content_type=CONTENT_TYPES[name],
        headers={"Cache-Control": "public, max-age=300"},
    )
