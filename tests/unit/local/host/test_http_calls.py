import azure.functions as func
import pytest

from local.host.cookies import WorkerCrash
from local.host.http_calls import query_values, to_reply


def test_repeated_query_keys_are_joined_and_empty_values_dropped() -> None:
    assert query_values("a=1&A=2&flag=&bare&b=x%20y+z&=no") == {"a": "1,2", "b": "x y z", "": "no"}


def test_cookies_are_rewritten_as_the_host_does() -> None:
    response = func.HttpResponse("ok")
    response.headers.add("Set-Cookie", "__Host-session=Ab-1._~; Max-Age=60; Path=/; HttpOnly; SameSite=Lax; Secure")
    response.headers.add("Set-Cookie", "odd=a+b/c=")
    assert [value for name, value in to_reply(response).headers if name == "Set-Cookie"] == [
        "__Host-session=Ab-1._~; max-age=60; domain=; path=/; secure; samesite=lax; httponly",
        "odd=a%2Bb%2Fc%3D; domain=; path=",
    ]


def test_a_cookie_that_cannot_be_parsed_is_lost() -> None:
    response = func.HttpResponse("ok")
    response.headers.add("Set-Cookie", 'json={"a": 1}; Path=/')
    assert "Set-Cookie" not in dict(to_reply(response).headers)


def test_a_cookie_with_expires_ends_the_worker() -> None:
    response = func.HttpResponse("ok")
    response.headers.add("Set-Cookie", "a=b; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Path=/")
    with pytest.raises(WorkerCrash):
        to_reply(response)


@pytest.mark.parametrize("returned", [None, (200, "ok"), {"a": 1}])
def test_what_the_worker_cannot_encode_is_an_error(returned: object) -> None:
    with pytest.raises(NotImplementedError):
        to_reply(returned)


def test_the_content_type_is_the_one_given() -> None:
    answer = to_reply(func.HttpResponse("{}", status_code=201, headers={"content-type": "application/json"}))
    assert (answer.status, dict(answer.headers), answer.body) == (201, {"Content-Type": "application/json"}, b"{}")
