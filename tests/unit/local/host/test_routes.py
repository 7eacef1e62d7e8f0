import pytest

from local.host.functions import HttpFunction
from local.host.routes import decode, decode_path, find

FUNCTIONS = (
    HttpFunction("list", "scans", frozenset({"GET"}), lambda _: None),
    HttpFunction("one", "scans/{scan_id}", frozenset({"GET"}), lambda _: None),
    HttpFunction("start", "scans", frozenset({"POST"}), lambda _: None),
    HttpFunction("top", "/", frozenset(), lambda _: None),
)


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("GET", "/scans", "list"),
        ("POST", "/scans", "start"),
        ("GET", "/SCANS/", "list"),
        ("GET", "/scans/a b", "one"),
        ("DELETE", "/", "top"),
    ],
)
def test_the_first_function_whose_route_and_method_fit_is_found(method: str, path: str, name: str) -> None:
    match = find(FUNCTIONS, method, path)
    assert match is not None
    assert match.function.name == name


@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", "/scans"), ("HEAD", "/scans"), ("GET", "/scans/a/b"), ("GET", "/scan"), ("GET", "/scans//x")],
)
def test_nothing_is_found_for_another_method_or_path(method: str, path: str) -> None:
    assert find(FUNCTIONS, method, path) is None


@pytest.mark.parametrize(("path", "rest"), [("/", ""), ("/a", "a"), ("/a/B/c", "a/B/c")])
def test_a_catch_all_takes_what_is_left(path: str, rest: str) -> None:
    match = find((HttpFunction("rest", "{*path}", frozenset(), lambda _: None),), "PUT", path)
    assert match is not None
    assert match.values == {"path": rest}


@pytest.mark.parametrize(("path", "fits"), [("/files/a/b", True), ("/files", True), ("/other/a", False)])
def test_a_catch_all_can_have_a_beginning(path: str, fits: bool) -> None:
    functions = (HttpFunction("rest", "files/{*path}", frozenset(), lambda _: None),)
    assert (find(functions, "GET", path) is not None) is fits


def test_route_values_keep_their_casing() -> None:
    match = find(FUNCTIONS, "GET", "/Scans/AbC")
    assert match is not None
    assert match.values == {"scan_id": "AbC"}


def test_bytes_that_are_not_utf_8_stay_escaped() -> None:
    assert decode("a%FFb%C3%A9%c3") == "a%FFbé%C3"


def test_an_escaped_slash_does_not_make_a_segment() -> None:
    assert decode_path("/scans/a%2Fb%2fc%20d") == "/scans/a%2Fb%2fc d"


@pytest.mark.parametrize("path", ["/static/../scans", "/static/%2e%2E/scans", "/../../scans", "/./scans"])
def test_dot_segments_are_taken_out(path: str) -> None:
    assert decode_path(path) == "/scans"
