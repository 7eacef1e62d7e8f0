"""A sign-in leads to a page of this site and nowhere else, whatever the address bar holds."""

import pytest

from function_app import app
from local.host.functions import index
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


def test_every_page_of_a_scan_is_one_that_a_sign_in_can_lead_to() -> None:
    pages = [one.route for one in index(app).http if "GET" in (one.methods or ()) and one.route.startswith("scans/")]
    own = [f"/{route}".replace("/scans/{scan_id}", SCAN) for route in pages if "/export/" not in route]
    assert len(own) > 8
    assert [path for path in own if "{" not in path and CUSTOMER_PAGES.checked(path) != path] == []


@pytest.mark.parametrize("path", ["/desk", "/desk/customers?q=contoso", "/desk?a=b+c"])
def test_a_page_of_the_desk_is_kept_with_its_query_for_operators_alone(path: str) -> None:
    assert (DESK_PAGES.checked(path), CUSTOMER_PAGES.checked(path)) == (path, "/scans")
