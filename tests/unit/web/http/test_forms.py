import pytest

from shared.core.errors import BadRequest
from web.http.forms import MAX_FORM_BYTES, MAX_VALUE_CHARACTERS, cookies, form_parameters, parameters, route_values

FORM = "application/x-www-form-urlencoded"


def test_values_are_decoded_and_empty_ones_left_out() -> None:
    assert parameters("a=x%20y+z&b=&c&d=%C3%A9") == {"a": "x y z", "d": "é"}


def test_the_longest_value_is_taken() -> None:
    assert parameters("code=" + "x" * MAX_VALUE_CHARACTERS) == {"code": "x" * MAX_VALUE_CHARACTERS}


def test_entra_s_error_descriptions_have_several_lines() -> None:
    assert parameters("error_description=AADSTS65004%3A+No.%0D%0ATrace+ID") == {
        "error_description": "AADSTS65004: No.\r\nTrace ID"
    }


@pytest.mark.parametrize(
    "encoded",
    [
        "a=1&a=2",
        "a=1&a=",
        "a=%FF",
        "%FF=a",
        "a=%EF%BF%BD",
        "a=x%00",
        "a%0A=xy",
        "a=%C2%85",
        "a=" + "x" * (MAX_VALUE_CHARACTERS + 1),
        "x" * (MAX_VALUE_CHARACTERS + 1) + "=a",
        "&".join(f"p{number}=1" for number in range(51)),
    ],
)
def test_what_no_browser_of_ours_would_send_is_refused(encoded: str) -> None:
    with pytest.raises(BadRequest):
        parameters(encoded)


def test_a_refusal_repeats_nothing_of_the_address() -> None:
    with pytest.raises(BadRequest) as refused:
        parameters("code=SECRET%00")
    assert "SECRET" not in f"{refused.value.title} {refused.value.remedy}"


def test_a_form_is_read_like_a_query() -> None:
    assert form_parameters(f"{FORM}; charset=UTF-8", b"tenant=contoso.com&x=") == {"tenant": "contoso.com"}


def test_no_body_is_an_empty_form_whatever_its_type() -> None:
    assert form_parameters("", b"") == {}


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"{}"),
        ("multipart/form-data; boundary=x", b"--x--"),
        ("", b"a=1"),
        (FORM, b"a=" + b"x" * MAX_FORM_BYTES),
        (FORM, b"a=\xff"),
        (FORM, b"a=1&a=2"),
    ],
)
def test_what_is_not_a_small_form_is_refused(content_type: str, body: bytes) -> None:
    with pytest.raises(BadRequest):
        form_parameters(content_type, body)


def test_the_first_cookie_of_a_name_counts() -> None:
    assert cookies("a=1; b=2; a=3") == {"a": "1", "b": "2"}


@pytest.mark.parametrize(
    "header", ["a=\x01", "a=é", "a=€", 'a="\\351"', "a=" + "x" * (MAX_VALUE_CHARACTERS + 1), "", ";;;", "=;="]
)
def test_a_cookie_of_no_use_is_left_out_and_locks_nobody_out(header: str) -> None:
    assert cookies(f"{header}; session=good")["session"] == "good"
    assert "a" not in cookies(header)


@pytest.mark.parametrize("value", ["a\x00", "\ufffd", "x" * (MAX_VALUE_CHARACTERS + 1)])
def test_a_part_of_the_path_that_is_not_text_is_refused(value: str) -> None:
    with pytest.raises(BadRequest):
        route_values({"scan_id": value})
