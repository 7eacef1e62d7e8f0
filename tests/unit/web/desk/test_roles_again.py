"""Roles are read again from Entra, and what cannot be undone needs credentials that were entered just now."""

from collections.abc import Callable

import pytest

from shared.core.audit import Action
from shared.identity.operator_sessions import OPERATOR_IDLE_MINUTES, ROLES_READ_AGAIN_MINUTES
from tests.support.collecting import TENANT
from tests.support.desk import REVIEWER, Desk, text_of
from tests.support.signing_in import asked
from tests.unit.web.desk.test_sign_in import SignIn
from web.desk.access import FRESH_SIGN_IN_MINUTES
from web.desk.customer_deletion import desk_customer_delete, desk_customer_deletion
from web.desk.customer_export import desk_customer_audit, desk_customer_data
from web.desk.reviews import desk_claim, desk_queue
from web.desk.sign_in import desk_callback, desk_sign_in
from web.error_pages import Handler
from web.http.messages import Response

SILENT = {"mode": "silent", "return_to": "/desk/customers?q=contoso"}
FRESH = {"mode": "fresh", "return_to": f"/desk/customers/{TENANT}/delete"}
ROLES_MINUTES = ROLES_READ_AGAIN_MINUTES


@pytest.fixture
def sign_in(desk: Desk) -> SignIn:
    made = SignIn(desk)
    made.finish(roles=["Admin"], auth_time=moment(made))
    return made


def moment(sign_in: SignIn) -> int:
    return int(sign_in.desk.parts.time.now().timestamp())


def wait(sign_in: SignIn, minutes: float) -> None:
    sign_in.desk.parts.time.sleep(minutes * 60)


def silently(sign_in: SignIn, **claims: object) -> Response:
    exp = moment(sign_in) + 3600
    return sign_in.finish(SILENT, exp=exp, **claims)


def test_a_page_asks_entra_for_the_roles_every_half_hour(sign_in: SignIn) -> None:
    wait(sign_in, ROLES_MINUTES - 1)
    assert sign_in.send(desk_queue, "GET").status == 200
    wait(sign_in, 1)
    page = sign_in.send(desk_queue, "GET", {"q": "a b"}, path="/desk")
    assert page.status == 401
    assert 'name="mode" value="silent"' in text_of(page)
    assert 'name="return_to" value="/desk?q=a+b"' in text_of(page)
    assert "/static/sign_in_again.js" in text_of(page)


def test_entra_is_asked_for_the_same_user_without_a_page(sign_in: SignIn) -> None:
    query = asked(sign_in.send(desk_sign_in, "POST", form=SILENT))
    assert (query["prompt"], query["login_hint"]) == ("none", REVIEWER.username)


def test_confirmed_roles_lead_back_to_the_page_and_are_no_new_sign_in(sign_in: SignIn) -> None:
    wait(sign_in, ROLES_MINUTES)
    before = sign_in.events()
    response = silently(sign_in, roles=["Admin"])
    assert (response.status, response.headers["Location"]) == (303, SILENT["return_to"])
    assert sign_in.send(desk_queue, "GET").status == 200
    assert sign_in.events() == before


def test_a_role_that_was_taken_away_ends_every_session(sign_in: SignIn) -> None:
    elsewhere = sign_in.desk.parts.operator_sessions.create(REVIEWER, frozenset())
    wait(sign_in, ROLES_MINUTES)
    assert silently(sign_in, roles=[]).status == 403
    assert sign_in.send(desk_queue, "GET").status == 404
    assert sign_in.desk.parts.operator_sessions.get(elsewhere) is None
    assert sign_in.events()[-1][0] == Action.OPERATOR_REFUSED


def test_an_administrator_who_became_a_reviewer_is_one_at_the_next_check(sign_in: SignIn) -> None:
    wait(sign_in, ROLES_MINUTES)
    silently(sign_in, roles=["Reviewer"])
    assert sign_in.send(desk_queue, "GET").status == 200
    assert sign_in.send(desk_customer_deletion, "GET", tenant_id=TENANT).status == 404


@pytest.mark.parametrize("error", ["login_required", "interaction_required", "consent_required"])
def test_whom_entra_no_longer_confirms_is_signed_out(sign_in: SignIn, error: str) -> None:
    query = asked(sign_in.send(desk_sign_in, "POST", form=SILENT))
    response = sign_in.send(desk_callback, "GET", {"error": error, "state": query["state"]})
    assert (response.status, response.headers["Location"]) == (303, "/desk/sign-in")
    assert sign_in.send(desk_queue, "GET").status == 404


def test_another_user_of_the_browser_does_not_confirm_the_session(sign_in: SignIn) -> None:
    other = "88888888-8888-4888-8888-888888888888"
    assert silently(sign_in, roles=["Admin"], oid=other).headers["Location"] == "/desk/sign-in"
    assert sign_in.send(desk_queue, "GET").status == 404


def test_a_form_of_an_open_page_is_accepted_for_the_idle_limit_longer(sign_in: SignIn) -> None:
    scan = sign_in.desk.consented_scan()
    wait(sign_in, ROLES_MINUTES - 1)
    assert sign_in.send(desk_queue, "GET").status == 200
    wait(sign_in, OPERATOR_IDLE_MINUTES - 1)
    assert sign_in.send(desk_claim, "POST", scan_id=scan.scan_id).status == 303
    wait(sign_in, 2)
    assert sign_in.send(desk_claim, "POST", scan_id=scan.scan_id).status == 401


@pytest.mark.parametrize(
    "return_to",
    ["//evil.example", "https://evil.example", "/deskside", "/desk/..//evil", "/desk?a=\r\nb", "/", "/desk\\x"],
)
def test_a_sign_in_leads_back_to_a_page_of_the_desk_only(sign_in: SignIn, return_to: str) -> None:
    response = sign_in.finish({"mode": "fresh", "return_to": return_to}, roles=["Admin"], auth_time=moment(sign_in))
    assert response.headers["Location"] == "/desk"


DANGEROUS: list[tuple[Handler, str]] = [
    (desk_customer_deletion, "GET"),
    (desk_customer_delete, "POST"),
    (desk_customer_audit, "POST"),
    (desk_customer_data, "POST"),
]


@pytest.mark.parametrize(("handler", "method"), DANGEROUS, ids=lambda one: getattr(one, "__name__", one))
def test_deleting_and_exporting_need_a_sign_in_of_the_last_ten_minutes(
    sign_in: SignIn, handler: Handler, method: str
) -> None:
    sign_in.desk.consented_scan()
    form = {"reason": "Asked for by mail.", "format": "csv"}
    wait(sign_in, FRESH_SIGN_IN_MINUTES)
    page = sign_in.send(handler, method, form=form, tenant_id=TENANT)
    assert page.status == 401
    assert 'name="mode" value="fresh"' in text_of(page)
    assert "sign_in_again.js" not in text_of(page)
    sign_in.finish(FRESH, roles=["Admin"], auth_time=moment(sign_in), exp=moment(sign_in) + 3600)
    assert sign_in.send(handler, method, form=form, tenant_id=TENANT).status != 401


def test_a_fresh_sign_in_asks_for_the_credentials_and_leads_back(sign_in: SignIn) -> None:
    assert asked(sign_in.send(desk_sign_in, "POST", form=FRESH))["prompt"] == "login"
    response = sign_in.finish(FRESH, roles=["Admin"], auth_time=moment(sign_in))
    assert response.headers["Location"] == FRESH["return_to"]


STALE: list[Callable[[int], object]] = [lambda now: now - 3600, lambda _: None, str, lambda _: True, lambda _: 10**30]


@pytest.mark.parametrize("auth_time", STALE)
def test_a_fresh_sign_in_without_a_fresh_auth_time_is_refused(
    sign_in: SignIn, auth_time: Callable[[int], object]
) -> None:
    wait(sign_in, FRESH_SIGN_IN_MINUTES)
    claim = auth_time(moment(sign_in))
    assert sign_in.finish(FRESH, roles=["Admin"], auth_time=claim, exp=moment(sign_in) + 3600).status == 403


def test_a_usual_sign_in_whose_credentials_entra_does_not_date_is_not_fresh(desk: Desk) -> None:
    usual = SignIn(desk)
    desk.consented_scan()
    usual.finish(roles=["Admin"])
    assert usual.send(desk_queue, "GET").status == 200
    assert usual.send(desk_customer_deletion, "GET", tenant_id=TENANT).status == 401
