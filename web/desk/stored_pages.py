"""The raw pages of a scan whose rows could not all be read."""

from collections.abc import Iterator
from dataclasses import dataclass

from shared.core.coverage import Coverage
from shared.core.formats import unnamed_subscription
from shared.core.set_aside import set_aside_rows
from shared.wiring import Services
from web.desk.access import desk_scan, require_operator
from web.http.forms import whole_number
from web.http.messages import Request, Response
from web.rendering.pages import no_such_page

MAX_NUMBER = 10**15
"""Above every step and page, below the largest number of the database's column."""


@dataclass(frozen=True)
class OddPage:
    """A raw page with rows that could not be read, and why; `number` counts from 1 for readers."""

    collector: str
    subscription_name: str
    step_id: int
    page: int
    reason: str
    count: int

    @property
    def number(self) -> int:
        return self.page + 1


def odd_pages(read: Coverage) -> Iterator[OddPage]:
    """Yield what the scan's steps have set aside."""
    for step in (step for subscription in read.subscriptions for step in subscription.steps):
        for each in set_aside_rows(step.set_aside_json):
            name = step.subscription_name or unnamed_subscription(step.subscription_id)
            yield OddPage(step.collector, name, step.step_id, each.page, each.reason, each.count)


def desk_raw_page(request: Request, services: Services) -> Response:
    """GET /desk/scans/{scan_id}/raw-pages/{step_id}/{page}: Azure's response as it was stored, as a file."""
    require_operator(request, services)
    scan = desk_scan(request, services)
    step_id, page = (_number(request.route.get(name, "")) for name in ("step_id", "page"))
    body = services.stored_pages.body(scan.key, step_id, page)
    if body is None:
        raise no_such_page()
    name = f"azure-response-{step_id}-{page + 1}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body=body, content_type="application/json", headers=headers)


def _number(text: str) -> int:
    number = whole_number(text, MAX_NUMBER)
    if number is None:
        raise no_such_page()
    return number
