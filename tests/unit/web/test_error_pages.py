import logging

import pytest

from shared.core.errors import BadRequest, ConfigurationError
from shared.core.settings import Environment
from shared.sql.engine.page_reading import current_page
from shared.wiring import Services
from tests.support.browsing import Visit
from tests.support.desk import Desk
from tests.support.entra_double import settings
from tests.unit.shared.sql.engine.test_sql_faults import error
from web.error_pages import Handler, answer, security_headers
from web.http.messages import Request, Response, redirect


def fails(request: Request, services: Services) -> Response:  # noqa: ARG001 - a handler
    raise KeyError("what the customer typed")


def refuses(request: Request, services: Services) -> Response:  # noqa: ARG001 - a handler
    raise BadRequest("The name is too long", "Shorten it.")


def leads_on(request: Request, services: Services) -> Response:  # noqa: ARG001 - a handler
    return redirect("/scans")


def says_for_itself(request: Request, services: Services) -> Response:  # noqa: ARG001 - a handler
    return Response(headers={"Cache-Control": "public"})


def test_a_refused_request_is_a_page_that_says_what_to_do(visit: Visit) -> None:
    response = visit.ask(refuses)
    assert response.status == 400
    assert b"The name is too long" in response.body
    assert b"Shorten it." in response.body


@pytest.mark.parametrize("handler", [refuses, fails])
@pytest.mark.parametrize(
    ("path", "home"), [("/desk", "/desk/sign-in"), ("/desk/scans/x", "/desk/sign-in"), ("/deskside", "/"), ("/", "/")]
)
def test_an_error_page_of_the_desk_leads_to_the_desk(desk: Desk, handler: Handler, path: str, home: str) -> None:
    page = desk.send(handler, Request("GET", path)).body.decode()
    assert f'<a class="button" href="{home}">' in page


def test_without_a_desk_no_error_page_leads_there(visit: Visit) -> None:
    assert b"/desk/sign-in" not in answer(refuses, Request("GET", "/desk/scans/x"), visit.parts).body


def test_a_wrong_setting_is_named_in_the_log_and_not_on_the_page(caplog: pytest.LogCaptureFixture) -> None:
    def wrong() -> Services:
        raise ConfigurationError("APP_BASE_URL is not set: the address of the app")

    response = answer(fails, Request("GET", "/readyz"), wrong)
    assert response.status == 500
    assert "APP_BASE_URL is not set: the address of the app" in caplog.text
    assert b"APP_BASE_URL" not in response.body


def test_our_fault_is_a_page_with_a_reference_that_the_log_has(visit: Visit, caplog: pytest.LogCaptureFixture) -> None:
    response = visit.ask(fails)
    assert response.status == 500
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    reference = record.getMessage().split("reference=")[1].split()[0]
    assert reference.encode() in response.body
    assert "test_error_pages.py" in record.getMessage()


def loses_the_database(request: Request, services: Services) -> Response:  # noqa: ARG001 - a handler
    raise error(40613)


def reads(request: Request, services: Services) -> Response:  # noqa: ARG001 - a handler
    return Response(headers={"Was-In-One-Reading": str(current_page() is not None)})


def test_a_database_that_does_not_answer_is_a_page_that_says_so_and_when_to_come_back(
    visit: Visit, caplog: pytest.LogCaptureFixture
) -> None:
    response = visit.ask(loses_the_database)
    assert (response.status, response.headers["Retry-After"]) == (503, "60")
    assert b"We cannot reach our database right now" in response.body
    assert "event=page-unavailable" in caplog.text
    assert "alert=" not in caplog.text


def test_a_handler_reads_in_one_transaction(visit: Visit) -> None:
    assert visit.ask(reads).headers["Was-In-One-Reading"] == "True"
    assert current_page() is None


def test_neither_the_page_nor_the_log_repeats_what_the_customer_sent(
    visit: Visit, caplog: pytest.LogCaptureFixture
) -> None:
    response = visit.ask(fails)
    assert b"typed" not in response.body
    assert b"Traceback" not in response.body
    assert "typed" not in caplog.text


def test_settings_that_cannot_be_read_are_a_page_too() -> None:
    def parts() -> Services:
        raise ConfigurationError("SQL_URL is not set")

    response = answer(refuses, Request("GET", "/"), parts)
    assert response.status == 500
    assert "form-action 'self';" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("handler", [fails, refuses, leads_on])
def test_every_response_has_the_security_headers(visit: Visit, handler: Handler) -> None:
    headers = visit.ask(handler).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert {"object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"} <= set(policy.split("; "))
    assert "form-action 'self';" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert [name for name in headers if name.lower().startswith("access-control-")] == []


def test_a_handler_s_own_headers_win(visit: Visit) -> None:
    response = visit.ask(says_for_itself)
    assert response.headers["Cache-Control"] == "public"


def test_same_site_forms_can_say_where_they_come_from() -> None:
    """With `no-referrer` a browser sends `Origin: null` even to ourselves, and every form would be refused."""
    assert security_headers(None)["Referrer-Policy"] == "same-origin"


def test_https_is_insisted_upon_where_there_is_https(visit: Visit) -> None:
    assert "Strict-Transport-Security" not in visit.ask(refuses).headers
    policy = security_headers(settings(environment=Environment.AZURE))["Strict-Transport-Security"]
    assert "includeSubDomains" in policy
    assert int(policy.split(";")[0].removeprefix("max-age=")) >= 365 * 24 * 3600


def test_a_refused_request_is_logged_by_its_kind(visit: Visit, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "caleta.web")
    visit.ask(refuses)
    assert caplog.messages == ["event=request-refused method=GET status=400 reason=BadRequest"]
