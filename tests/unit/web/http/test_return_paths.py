"""A sign-in leads to a page of this site and nowhere else, whatever the address bar holds."""

import pytest

from web.http.return_paths import CUSTOMER_PAGES, DESK_PAGES, ReturnPaths

SCAN = "/scans/11111111-1111-4111-8111-111111111111"
ELSEWHERE = [
    None,
    "",
    "/",
    "//evil.example",
    "https://evil.example",
    "/\\evil.example",
    "/scans\n",
    "/desk\n",
    "/desk/..",
]


@pytest.mark.parametrize("pages", [CUSTOMER_PAGES, DESK_PAGES], ids=["customers", "desk"])
@pytest.mark.parametrize("path", ELSEWHERE)
def test_every_other_address_is_the_default(pages: ReturnPaths, path: str | None) -> None:
    assert pages.checked(path) == pages.default


@pytest.mark.parametrize("path", ["/scans", SCAN, f"{SCAN}/report", "/data"])
def test_a_customers_page_is_kept_for_customers_alone(path: str) -> None:
    assert (CUSTOMER_PAGES.checked(path), DESK_PAGES.checked(path)) == (path, "/desk")


@pytest.mark.parametrize("path", ["/desk", "/desk/customers?q=contoso", "/desk?a=b+c"])
def test_a_page_of_the_desk_is_kept_with_its_query_for_operators_alone(path: str) -> None:
    assert (DESK_PAGES.checked(path), CUSTOMER_PAGES.checked(path)) == (path, "/scans")
