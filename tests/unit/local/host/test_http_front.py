import http.client
import threading
from collections.abc import Iterator

import pytest

from local.host.functions import index
from local.host.http_front import HttpFront
from local.host.invocation import Invoker
from tests.unit.local.host.apps import echo_app


@pytest.fixture(scope="module")
def front() -> Iterator[HttpFront]:
    invoker = Invoker()
    made = HttpFront(0, index(echo_app()).http, invoker)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()
    thread.join()
    invoker.close()


@pytest.fixture
def connection(front: HttpFront) -> Iterator[http.client.HTTPConnection]:
    made = http.client.HTTPConnection("127.0.0.1", front.server_address[1], timeout=10)
    yield made
    made.close()


def answer(
    connection: http.client.HTTPConnection, method: str, target: str, body: bytes | None = None, **headers: str
) -> tuple[int, bytes, http.client.HTTPMessage]:
    connection.request(method, target, body, {name.replace("_", "-"): value for name, value in headers.items()})
    response = connection.getresponse()
    return response.status, response.read(), response.headers


def test_a_function_gets_route_query_header_and_body(connection: http.client.HTTPConnection) -> None:
    status, body, headers = answer(connection, "POST", "/echo/a%20b?n=1&n=2&e=", b"hello", X_Word="w")
    assert status == 200
    assert body.decode() == repr({"word": "a b", "n": "1,2", "x": "w", "body": "hello"})
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["X-Method"] == "POST"


def test_of_two_functions_on_one_route_the_first_by_name_answers(connection: http.client.HTTPConnection) -> None:
    assert answer(connection, "GET", "/which")[1] == b"first"


@pytest.mark.parametrize(
    ("method", "target"), [("DELETE", "/echo/x"), ("HEAD", "/echo/x"), ("OPTIONS", "/"), ("GET", "/no")]
)
def test_a_wrong_method_and_an_unknown_path_are_an_empty_404(
    connection: http.client.HTTPConnection, method: str, target: str
) -> None:
    status, body, headers = answer(connection, method, target)
    assert (status, body, headers["Content-Type"]) == (404, b"", None)


def test_head_gets_the_headers_of_get_without_its_body(connection: http.client.HTTPConnection) -> None:
    status, body, headers = answer(connection, "HEAD", "/looked-at")
    assert (status, body, headers["Content-Length"]) == (200, b"", "4")
    assert answer(connection, "GET", "/looked-at")[1] == b"seen"


@pytest.mark.parametrize("target", ["/fails", "/nothing"])
def test_a_function_that_fails_is_an_empty_500(connection: http.client.HTTPConnection, target: str) -> None:
    status, body, headers = answer(connection, "GET", target)
    assert (status, body, headers["Content-Type"]) == (500, b"", None)


def test_cookies_leave_rewritten_and_the_unparsable_one_is_lost(connection: http.client.HTTPConnection) -> None:
    _, _, headers = answer(connection, "GET", "/cookies")
    assert headers.get_all("Set-Cookie") == [
        "plain=abc-1._~; max-age=60; domain=; path=/; secure; samesite=lax; httponly",
        "escaped=a%2Bb%2Fc%3D; domain=; path=/",
    ]


def test_a_chunked_body_without_a_length_is_not_read(connection: http.client.HTTPConnection) -> None:
    connection.putrequest("POST", "/echo/x")
    connection.putheader("Transfer-Encoding", "chunked")
    # In one piece with its headers: a chunk sent later might find the connection closed already.
    connection.endheaders(b"3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n")
    assert b"'body': ''" in connection.getresponse().read()


def test_more_than_a_hundred_mebibytes_are_refused_before_they_are_read(connection: http.client.HTTPConnection) -> None:
    connection.putrequest("POST", "/echo/x")
    connection.putheader("Content-Length", str(100 * 1024 * 1024 + 1))
    connection.endheaders()
    response = connection.getresponse()
    assert (response.status, response.read()) == (413, b"")


@pytest.mark.parametrize("length", ["-1", "x", "1_0"])
def test_a_length_that_is_no_number_is_refused(connection: http.client.HTTPConnection, length: str) -> None:
    connection.putrequest("POST", "/echo/x")
    connection.putheader("Content-Length", length)
    connection.endheaders()
    response = connection.getresponse()
    assert (response.status, response.read()) == (400, b"")


def test_a_null_byte_in_the_path_is_refused(connection: http.client.HTTPConnection) -> None:
    assert answer(connection, "GET", "/echo/a%00b")[0] == 400


def test_the_query_is_not_logged(connection: http.client.HTTPConnection, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    answer(connection, "GET", "/echo/x?code=SECRET")
    assert "/echo/x" in caplog.text
    assert "SECRET" not in caplog.text
