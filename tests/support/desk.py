"""Operators in front of the desk: browsers with a role, or without, on the real stores."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from local.tables import LocalTableStore
from shared.core.models import Scan, ScanStatus
from shared.core.operators import Role
from shared.identity.id_token import Identity
from tests.support.browsing import cost_row, finished_scan
from tests.support.collecting import FIRST, TENANT, USER, Surroundings
from web.desk.access import OPERATOR_COOKIE
from web.error_pages import Handler, answer
from web.http.messages import Request, Response

OPERATORS_TENANT = "66666666-6666-4666-8666-666666666666"
REVIEWER = Identity(OPERATORS_TENANT, "77777777-7777-4777-8777-777777777777", "reviewer@caleta.example")
COLLEAGUE = Identity(OPERATORS_TENANT, "88888888-8888-4888-8888-888888888888", "lead@caleta.example")
REVIEWERS_ROLE = frozenset({Role.REVIEWER})
ADMINS_ROLE = frozenset({Role.ADMIN})


class Desk:
    """One operator's browser. `ask` takes the same way as a real request."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.parts = Surroundings(folder)
        self.parts.settings = replace(
            self.parts.settings,
            operator_tenant_id=OPERATORS_TENANT,
            operator_client_id="99999999-9999-4999-8999-999999999990",
            operator_client_secret="a secret of the tests",
        )
        self.parts.tables = self.tables = LocalTableStore(folder / "tables.db")
        self.cookies: dict[str, str] = {}

    def sign_in(self, who: Identity = REVIEWER, roles: frozenset[Role] = REVIEWERS_ROLE) -> None:
        self.cookies = {OPERATOR_COOKIE: self.parts.operator_sessions.create(who, roles, self.parts.time.now())}

    def get(self, handler: Handler, query: Mapping[str, str] | None = None, **route: str) -> Response:
        return self.send(handler, Request("GET", "/", route=route, query=query or {}, cookies=self.cookies))

    def post(self, handler: Handler, form: Mapping[str, str] | None = None, **route: str) -> Response:
        headers = {"sec-fetch-site": "same-origin", "origin": self.parts.settings.base_url}
        request = Request("POST", "/", route=route, form=form or {}, cookies=self.cookies, headers=headers)
        return self.send(handler, request)

    def send(self, handler: Handler, request: Request) -> Response:
        return answer(handler, request, self.parts)

    def consented_scan(self, *amounts: str, status: ScanStatus = ScanStatus.COLLECTED) -> Scan:
        """A finished scan of a customer whose consent holds."""
        now = self.parts.clock.now()
        self.parts.connections.save(TENANT, USER, "owner@contoso.example", b"token", now)
        rows = [cost_row(FIRST, amount, resource=f"disk{place}") for place, amount in enumerate(amounts or ("12.50",))]
        return finished_scan(self.parts, rows, FIRST, status)

    def close(self) -> None:
        self.parts.database.dispose()
        self.tables.close()


def text_of(response: Response) -> str:
    return response.body.decode()
