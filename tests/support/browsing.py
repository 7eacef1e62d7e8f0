"""A signed-in browser in front of the pages: real database and session store, time by hand."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from local.tables import LocalTableStore
from shared.arm.request import ArmPage
from shared.core.models import Scan, ScanStatus, Step, StepStatus
from shared.identity.id_token import Identity
from shared.wiring import Services
from tests.support.collecting import TENANT, USER, Surroundings, collecting_scan, latest, steps_of
from tests.support.consented import consent
from web.error_pages import Handler, answer
from web.http.access import SESSION_COOKIE
from web.http.messages import Request, Response

STRANGER = "99999999-9999-4999-8999-999999999999"
COST_COLUMNS = (
    "sub_account_id",
    "charge_period_start",
    "billed_cost",
    "billing_currency",
    "resource_id",
    "resource_group",
    "region_id",
    "service_name",
    "meter_subcategory",
    "meter_name",
    "charge_type",
)


class Visit:
    """One person's browser. `ask` takes the same way as a real request."""

    def __init__(self, folder: Path) -> None:
        self.parts = Surroundings(folder)
        self.tables = LocalTableStore(folder / "tables.db")
        self.parts.tables = self.tables
        self.cookies: dict[str, str] = {}

    def sign_in(self, user: str = USER) -> None:
        identity = Identity(TENANT, user, "owner@contoso.example")
        self.cookies = {SESSION_COOKIE: self.parts.sessions.create(identity)}

    def consent(self, user: str = USER) -> None:
        """Sign in and leave a consent, without starting a scan."""
        consent(self.parts.database, TENANT, user, self.parts.clock.now())
        self.sign_in(user)

    def ask(self, handler: Handler, method: str = "GET", **route: str) -> Response:
        headers = {"sec-fetch-site": "same-origin", "origin": self.parts.settings.base_url}
        request = Request(method, "/", route=route, cookies=self.cookies, headers=headers)
        services: Services = self.parts
        return answer(handler, request, services)

    def visit(
        self,
        handler: Handler,
        method: str = "GET",
        *,
        query: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        **route: str,
    ) -> Response:
        """The same with a query or a form; the cookies that come back are kept."""
        own = {"sec-fetch-site": "same-origin", "origin": self.parts.settings.base_url}
        sent = own if headers is None else headers
        request = Request(method, "/", route, query or {}, form or {}, self.cookies, sent)
        response = answer(handler, request, self.parts)
        for cookie in response.cookies:
            self.cookies.pop(cookie.name, None)
            if cookie.max_age_seconds:
                self.cookies[cookie.name] = cookie.value
        return response

    def close(self) -> None:
        self.parts.database.dispose()
        self.tables.close()


def store(
    parts: Services, step: Step, table: str, columns: tuple[str, ...], rows: Sequence[tuple[object, ...]]
) -> None:
    """Ends the step with one page of these rows."""
    steps, now = parts.steps, parts.clock.now()
    claimed = steps.claim(step.tenant_id, step.step_id, now, 60)
    assert claimed is not None
    saved = steps.save_page(claimed, ArmPage(200, b"{}", {}, None), table, columns, rows, 1, None, now, 60)
    steps.complete(saved, StepStatus.SUCCEEDED, now)


def cost_row(
    subscription_id: str,
    amount: str,
    *,
    month: date = date(2026, 1, 1),
    currency: str = "GBP",
    service: str = "Storage",
    resource: str | None = "one",
) -> tuple[object, ...]:
    """One row of cost in the order of COST_COLUMNS."""
    group = f"/subscriptions/{subscription_id}/resourceGroups/web"
    resource_id = resource and f"{group}/providers/Microsoft.Compute/disks/{resource}"
    place = ("web", "uksouth") if resource else (None, None)
    return (subscription_id, month, Decimal(amount), currency, resource_id, *place, service, "P10", "Disk", "Usage")


def finished_scan(
    parts: Services,
    costs: Iterable[tuple[object, ...]],
    subscription_id: str,
    status: ScanStatus = ScanStatus.COLLECTED,
) -> Scan:
    """A scan of one subscription whose costs are these rows, in column order."""
    scan = collecting_scan(parts, [("costs", subscription_id)])
    store(parts, steps_of(parts, scan)[0], "costs", COST_COLUMNS, list(costs))
    return ended(parts, scan, status)


def ended(parts: Services, scan: Scan, status: ScanStatus, reason: str | None = None) -> Scan:
    """The scan with its totals, ended."""
    parts.cost_totals.compute(scan.key)
    parts.charge_totals.compute(scan.key)
    parts.scans.finish(scan.key, status, reason, parts.clock.now())
    return latest(parts, scan)
