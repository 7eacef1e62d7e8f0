"""Identity, origin and role decide before a body is decoded: a refused caller costs next to nothing."""

import time
import tracemalloc
from collections.abc import Callable, Iterator

import azure.functions as func
import pytest

from function_app import app
from local.host.functions import HttpFunction, index
from shared import wiring
from tests.support.desk import Desk

MIB = 1024 * 1024
BODY = b"text=" + b"%41" * (47 * MIB // 3)
"""What grew the process by a gigabyte when it was decoded for callers without a role."""

PEAK_BYTES = 2 * MIB
CPU_SECONDS = 0.25
"""Far below what decoding costs (8 s), far above what a refused request does."""

ID = "aaaaaaaa-0000-4000-8000-000000000001"
NO_IDENTITY_NEEDED = {
    "consent_start",
    "consent_admin_start",
    "sign_in_start",
    "desk_sign_in",
    "signout",
    "desk_sign_out",
}
"""Open to all visitors: their forms are small, and a body over the limit is refused unread."""

POST_ROUTES = [route for route in index(app).http if "POST" in route.methods]
OTHER_SITE = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}


class BodyUnread(func.HttpRequest):
    """A request that notes whether its body was fetched. The host holds the body already."""

    was_read = False

    def get_body(self) -> bytes:
        self.was_read = True
        return BODY


def post(route: HttpFunction, headers: dict[str, str], named: str = ID) -> BodyUnread:
    path = route.route.translate(str.maketrans("{}", "  ")).replace(" ", "")
    names = [part[1:-1] for part in route.route.split("/") if part.startswith("{")]
    form = {"content-type": "application/x-www-form-urlencoded", **headers}
    url = f"http://127.0.0.1:7071/{path}"
    return BodyUnread(method="POST", url=url, headers=form, route_params=dict.fromkeys(names, named), body=b"")


def sent(call: Callable[[func.HttpRequest], object], request: BodyUnread) -> func.HttpResponse:
    response = call(request)
    assert isinstance(response, func.HttpResponse)
    return response


@pytest.fixture
def in_use(desk: Desk) -> Iterator[Desk]:
    wiring.use(desk.parts)
    yield desk
    wiring.use(None)


@pytest.mark.parametrize("route", POST_ROUTES, ids=lambda route: route.name)
def test_a_stranger_is_refused_before_the_body_is_read(in_use: Desk, route: HttpFunction) -> None:
    request = post(route, {"origin": in_use.parts.settings.base_url, "sec-fetch-site": "same-origin"})
    response = sent(route.call, request)
    if route.name not in NO_IDENTITY_NEEDED:
        assert (response.status_code in (401, 404), request.was_read) == (True, False)


@pytest.mark.parametrize("route", POST_ROUTES, ids=lambda route: route.name)
def test_another_site_is_refused_before_the_body_is_read(in_use: Desk, route: HttpFunction) -> None:
    in_use.sign_in()
    cookies = "; ".join(f"{name}={value}" for name, value in in_use.cookies.items())
    request = post(route, {**OTHER_SITE, "cookie": cookies})
    assert (sent(route.call, request).status_code in (401, 403, 404), request.was_read) == (True, False)


@pytest.mark.parametrize("route", POST_ROUTES, ids=lambda route: route.name)
def test_47_mib_of_a_stranger_cost_little_memory_and_time(in_use: Desk, route: HttpFunction) -> None:
    own = {"origin": in_use.parts.settings.base_url, "sec-fetch-site": "same-origin"}
    sent(route.call, post(route, own))  # what the first request imports and compiles is not the body's cost
    tracemalloc.start()
    try:
        response, seconds = timed(lambda: sent(route.call, post(route, own)))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert response.status_code < 500
    assert (peak < PEAK_BYTES, seconds < CPU_SECONDS) == (True, True), (peak, seconds)


def timed(act: Callable[[], func.HttpResponse]) -> tuple[func.HttpResponse, float]:
    before = time.process_time()
    return act(), time.process_time() - before


def test_a_visitors_body_over_the_limit_gets_413_with_words(in_use: Desk) -> None:
    (route,) = [route for route in POST_ROUTES if route.name == "consent_start"]
    own = {"origin": in_use.parts.settings.base_url, "sec-fetch-site": "same-origin"}
    response = sent(route.call, post(route, {**own, "content-length": str(len(BODY))}))
    assert response.status_code == 413
    assert b"The form is too large" in response.get_body()


@pytest.mark.parametrize("declared", [True, False], ids=["declared", "chunked"])
def test_a_reviewers_text_of_47_mib_gets_413_and_is_not_decoded(in_use: Desk, declared: bool) -> None:
    scan = in_use.consented_scan()
    in_use.sign_in()
    (route,) = [route for route in POST_ROUTES if route.name == "desk_publish"]
    cookies = "; ".join(f"{name}={value}" for name, value in in_use.cookies.items())
    own = {"origin": in_use.parts.settings.base_url, "sec-fetch-site": "same-origin", "cookie": cookies}
    length = {"content-length": str(len(BODY))} if declared else {}
    request = post(route, {**own, **length}, scan.scan_id)
    response = sent(route.call, request)
    assert (response.status_code, request.was_read) == (413, not declared)
    assert b"Nothing was changed" in response.get_body()
