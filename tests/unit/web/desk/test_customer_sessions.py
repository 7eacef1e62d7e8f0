"""An administrator signs a customer's users out."""

import pytest

from shared.core.audit import Action
from shared.identity.id_token import Identity
from tests.support.collecting import OTHER_TENANT, TENANT, USER
from tests.support.desk import ADMINS_ROLE, COLLEAGUE, Desk
from web.desk.customer_sessions import desk_customer_sign_out

FORM = {"reason": "A laptop was stolen."}
OWNER = Identity(TENANT, USER, "owner@contoso.example")
STRANGER = Identity(OTHER_TENANT, USER, "stranger@fabrikam.example")


@pytest.fixture
def admin(desk: Desk) -> Desk:
    desk.consented_scan()
    desk.sign_in(COLLEAGUE, ADMINS_ROLE)
    return desk


def test_all_sessions_of_the_customer_end_and_no_others(admin: Desk) -> None:
    sessions = admin.parts.sessions
    cookies = [sessions.create(OWNER) for _ in range(2)]
    other = sessions.create(STRANGER)
    admin.parts.time.sleep(1)
    response = admin.post(desk_customer_sign_out, FORM, tenant_id=TENANT)
    assert (response.status, response.headers["Location"]) == (303, f"/desk/customers/{TENANT}")
    assert [sessions.get(cookie) for cookie in cookies] == [None, None]
    assert sessions.get(other) is not None
    assert admin.parts.connections.get(TENANT, USER) is not None


def test_it_is_on_record_with_its_reason(admin: Desk) -> None:
    admin.post(desk_customer_sign_out, FORM, tenant_id=TENANT)
    entry = admin.parts.audit_log.of_customer(TENANT)[0]
    assert (entry.action, entry.reason) == (Action.CUSTOMER_SIGNED_OUT, FORM["reason"])
    assert (entry.actor.object_id, entry.details) == (COLLEAGUE.user_object_id, {"users": 1})


def test_without_a_reason_no_session_ends(admin: Desk) -> None:
    cookie = admin.parts.sessions.create(OWNER)
    admin.parts.time.sleep(1)
    assert admin.post(desk_customer_sign_out, {}, tenant_id=TENANT).status == 400
    assert admin.parts.sessions.get(cookie) is not None
