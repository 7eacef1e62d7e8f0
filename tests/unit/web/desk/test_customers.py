"""Searching customers at the desk, and their stored data."""

import logging

import pytest

from shared.core.operators import Role
from shared.deletion.service import DeletionSubject, delete_customer
from tests.support.collecting import OTHER_TENANT, TENANT
from tests.support.desk import ADMINS_ROLE, COLLEAGUE, REVIEWER, Desk, text_of
from web.desk.access import actor
from web.desk.customers import desk_customer_page, desk_customers


@pytest.fixture
def admin(desk: Desk) -> Desk:
    desk.consented_scan()
    desk.sign_in(COLLEAGUE, ADMINS_ROLE)
    return desk


def delete_all(desk: Desk) -> None:
    who = desk.parts.operator_sessions.get(next(iter(desk.cookies.values())))
    assert who is not None
    assert who.may(Role.ADMIN)
    delete_customer(desk.parts, DeletionSubject(TENANT), actor(who), "Their mail.")


@pytest.mark.parametrize("search", ["", "contoso", "OWNER@", TENANT, f" {TENANT.upper()} "])
def test_a_customer_is_found_by_user_domain_and_tenant(admin: Desk, search: str) -> None:
    assert f"/desk/customers/{TENANT}" in text_of(admin.get(desk_customers, {"q": search} if search else {}))


@pytest.mark.parametrize("search", ["fabrikam", OTHER_TENANT, "%", "_", "[a-z]"])
def test_a_search_without_a_match_lists_no_customer(admin: Desk, search: str) -> None:
    page = text_of(admin.get(desk_customers, {"q": search}))
    assert "No customer matches" in page
    assert TENANT not in page


def test_the_page_counts_the_stored_data_and_lists_the_users(admin: Desk) -> None:
    page = text_of(admin.get(desk_customer_page, tenant_id=TENANT))
    for words in ("owner@contoso.example", "Cost records", "Active", "Delete customer data"):
        assert words in page


def test_a_customer_whose_data_was_deleted_is_found_by_its_log(admin: Desk) -> None:
    admin.parts.time.sleep(60)
    delete_all(admin)
    assert TENANT not in text_of(admin.get(desk_customers))
    assert "Data deleted, activity log only" in text_of(admin.get(desk_customers, {"q": "contoso"}))
    page = text_of(admin.get(desk_customer_page, tenant_id=TENANT))
    assert "Only the activity log remains" in page
    assert "/receipts/" in page
    assert "Delete customer data" not in page


def test_a_missing_role_is_logged_with_the_operator_and_the_page(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.sign_in()
    caplog.set_level(logging.INFO, "caleta.web")
    caplog.clear()
    assert desk.get(desk_customers).status == 404
    user = f"user={REVIEWER.user_object_id}"
    assert caplog.messages == [
        f"event=role-missing method=GET {user} role=Admin",
        f"event=request-refused method=GET {user} status=404 reason=NotFound",
    ]


def test_reviewers_get_the_answer_of_an_unknown_address(desk: Desk) -> None:
    desk.consented_scan()
    desk.sign_in()
    unknown = desk.get(desk_customers)
    assert unknown.status == 404
    assert desk.get(desk_customer_page, tenant_id=TENANT).body == unknown.body


@pytest.mark.parametrize("tenant_id", [OTHER_TENANT, "x", "", TENANT.upper() + "0"])
def test_an_unknown_tenant_has_no_page(admin: Desk, tenant_id: str) -> None:
    assert admin.get(desk_customer_page, tenant_id=tenant_id).status == 404
