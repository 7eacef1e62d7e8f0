"""Strangers leave nothing durable, and GET changes nothing, for any visitor."""

import sqlite3
from pathlib import Path

import azure.functions as func
import pytest
import requests
from sqlalchemy import select

from function_app import app
from local.host.functions import HttpFunction, index
from shared import wiring
from shared.core.findings import FindingStatus
from shared.core.operators import Role
from shared.sql.engine.engine import Database
from shared.sql.schema.record_tables import audit_events
from shared.sql.schema.tables import metadata
from shared.table_storage.rate_limits import LIMITS_TABLE
from tests.support.collecting import TENANT
from tests.support.desk import Desk
from tests.support.signing_in import SigningIn, asked
from tests.unit.web.desk.test_sign_in import SignIn
from tests.unit.web.reviewed import as_customer, drafted, of_scan, publish
from web.customer.consent import (
    consent_admin,
    consent_admin_callback,
    consent_admin_start,
    consent_callback,
    consent_start,
)
from web.customer.sign_in import sign_in_callback, sign_in_start
from web.desk.sign_in import desk_callback, desk_sign_in

pytestmark = pytest.mark.slow

STARTS = 600
DOWNLOADS = {"data_download", "audit_csv", "audit_json"} | {
    f"scan_{file}" for file in ("workbook", "findings_csv", "coverage_csv", "costs_csv", "costs_focus_csv")
}
"""They are in the activity log, as promised, and counted against a limit. No other site's link can cause one."""

GET_ROUTES = [route for route in index(app).http if not route.methods or "GET" in route.methods]
VISITORS = ("stranger", "customer", "administrator")


def rows(database: Database) -> dict[str, list[str]]:
    """Every row of every table of the database."""
    with database.system_reading() as connection:
        return {
            table.name: sorted(repr(tuple(row)) for row in connection.execute(select(table)))
            for table in metadata.sorted_tables
        }


def records(folder: Path) -> list[str]:
    """Every record of table storage."""
    with sqlite3.connect(folder / "tables.db") as connection:
        return sorted(map(repr, connection.execute("SELECT * FROM records")))


@pytest.mark.parametrize("tenant", ["gone.example", "", "<script>", "contoso.example"])
def test_600_starts_of_a_stranger_make_no_row(site: SigningIn, tenant: str) -> None:
    site.entra.unknown_tenants = ("gone.example",)
    before = rows(site.parts.database)
    for _ in range(STARTS):
        site.post(consent_start, {"tenant": tenant} if tenant else {})
    assert rows(site.parts.database) == before


def test_600_starts_while_entra_is_down_make_no_row(site: SigningIn, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_: object, **__: object) -> requests.Response:
        raise requests.ConnectionError

    monkeypatch.setattr(site.entra, "send", down)
    before = rows(site.parts.database)
    assert {site.post(consent_start).status for _ in range(STARTS)} == {503}
    assert rows(site.parts.database) == before


FORGED: dict[str, dict[str, str]] = {
    "error": {"error": "access_denied", "error_description": "AADSTS65004: declined"},
    "code": {"code": "forged"},
    "nothing": {},
}


@pytest.mark.parametrize("forged", FORGED)
def test_a_forged_callback_of_a_started_sign_in_makes_no_row(site: SigningIn, forged: str) -> None:
    callbacks = {consent_start: consent_callback, sign_in_start: sign_in_callback}
    callbacks[consent_admin_start] = consent_admin_callback
    before = rows(site.parts.database)
    for start, callback in callbacks.items():
        state = asked(site.post(start))["state"]
        site.entra.answers = [(400, {"error": "invalid_grant", "error_codes": [70000]})]
        assert site.get(callback, {"state": state, **FORGED[forged]}).status >= 400
    assert rows(site.parts.database) == before


@pytest.mark.parametrize("forged", FORGED)
def test_a_forged_callback_at_the_desk_makes_no_row(desk: Desk, forged: str) -> None:
    sign_in = SignIn(desk)
    before = rows(desk.parts.database)
    state = asked(sign_in.send(desk_sign_in, "POST"))["state"]
    sign_in.entra.answers = [(400, {"error": "invalid_grant", "error_codes": [70000]})]
    assert sign_in.send(desk_callback, "GET", {"state": state, **FORGED[forged]}).status >= 400
    assert rows(desk.parts.database) == before


def test_a_tenant_that_does_not_exist_costs_one_call_to_entra(site: SigningIn) -> None:
    site.entra.unknown_tenants = ("gone.example",)
    assert {site.post(consent_start, {"tenant": "gone.example"}).status for _ in range(STARTS)} == {400}
    assert len(site.entra.requests_seen) == 1


def test_an_administrators_approval_and_a_sign_in_can_be_open_at_once(site: SigningIn) -> None:
    """Each flow has its own cookie."""
    sign_in = site.start()
    approval = asked(site.post(consent_admin_start))
    site.get(consent_admin, {"continue": "yes"})
    assert site.get(consent_admin_callback, {"state": approval["state"], "admin_consent": "True"}).status == 200
    assert site.finish(sign_in).status == 303


def test_an_approval_is_started_from_our_own_page_only(site: SigningIn) -> None:
    before = records(site.folder)
    assert site.post(consent_admin_start, headers={"origin": "https://evil.example"}).status == 403
    assert records(site.folder) == before


@pytest.mark.parametrize("visitor", VISITORS)
@pytest.mark.parametrize("route", GET_ROUTES, ids=lambda route: route.name)
def test_get_changes_nothing(desk: Desk, route: HttpFunction, visitor: str) -> None:
    """Only the time of a session's last use is noted, once in a while; here no time passes."""
    names = prepared(desk, visitor)
    before = rows(desk.parts.database), records(desk.folder)
    response = sent(desk, route, names, "same-origin")
    assert response.status_code < 500 or route.name == "readiness"
    after = rows(desk.parts.database), records(desk.folder)
    if route.name in DOWNLOADS and visitor == "customer":
        assert response.status_code == 200
        before, after = without_record(*before), without_record(*after)
    assert after == before


def without_record(in_database: dict[str, list[str]], in_tables: list[str]) -> tuple[dict[str, list[str]], list[str]]:
    """What is stored beside the record of a download and its count."""
    kept = {name: found for name, found in in_database.items() if name != audit_events.name}
    return kept, [record for record in in_tables if not record.startswith(f"('{LIMITS_TABLE}',")]


@pytest.mark.parametrize("route", [route for route in GET_ROUTES if route.name in DOWNLOADS], ids=lambda one: one.name)
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_no_other_sites_link_causes_a_record(desk: Desk, route: HttpFunction, site: str) -> None:
    names = prepared(desk, "customer")
    before = rows(desk.parts.database), records(desk.folder)
    assert sent(desk, route, names, site).status_code == 403
    assert (rows(desk.parts.database), records(desk.folder)) == before


def prepared(desk: Desk, visitor: str) -> dict[str, str]:
    """A published review and this visitor in front of it; the values of the routes."""
    scan = drafted(desk)
    publish(desk, scan)
    (finding, *_) = of_scan(desk, scan, FindingStatus.PUBLISHED)
    if visitor == "customer":
        as_customer(desk)
    elif visitor == "administrator":
        desk.sign_in(roles=frozenset({Role.ADMIN}))
    else:
        desk.cookies = {}
    return {"scan_id": scan.scan_id, "finding_id": finding.finding_id, "tenant_id": TENANT, "name": "app.css"}


def sent(desk: Desk, route: HttpFunction, names: dict[str, str], site: str) -> func.HttpResponse:
    values = {part.strip("{}*"): names.get(part.strip("{}*"), "1") for part in route.route.split("/") if "{" in part}
    cookies = "; ".join(f"{name}={value}" for name, value in desk.cookies.items())
    request = func.HttpRequest(
        method="GET",
        url="http://127.0.0.1:7071/" + "/".join(values.get(part.strip("{}*"), part) for part in route.route.split("/")),
        headers={"cookie": cookies, "sec-fetch-site": site},
        route_params=values,
        body=b"",
    )
    wiring.use(desk.parts)
    try:
        response = route.call(request)
    finally:
        wiring.use(None)
    assert isinstance(response, func.HttpResponse)
    return response
