from urllib.parse import urlencode

import pytest

from shared.core.errors import BadRequest, TooLarge
from web.http.forms import (
    MAX_FORM_BYTES,
    MAX_PARAMETERS,
    MAX_VALUE_CHARACTERS,
    SMALL_FORM,
    UnreadForm,
    cookies,
    form_parameters,
    long_text_form,
    parameters,
    route_values,
    whole_number,
)

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
        "&".join(f"p{number}=1" for number in range(MAX_PARAMETERS + 1)),
    ],
)
def test_what_no_browser_sends_is_refused(encoded: str) -> None:
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
        (FORM, b"a=\xff"),
        (FORM, b"a=1&a=2"),
    ],
)
def test_what_is_not_a_small_form_is_refused(content_type: str, body: bytes) -> None:
    with pytest.raises(BadRequest):
        form_parameters(content_type, body)


def test_a_body_over_the_limit_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(TooLarge, match="too large") as refused:
        form_parameters(FORM, b"a=" + b"%" * MAX_FORM_BYTES)
    assert (refused.value.status, "64 KB" in refused.value.remedy) == (413, True)


@pytest.mark.parametrize("declared", [str(MAX_FORM_BYTES + 1), "9" * 5_000, "-1", "1e9", ""])
def test_a_declared_length_over_the_limit_decides_before_the_body_is_touched(declared: str) -> None:
    def body() -> bytes:
        raise AssertionError("the body was read")

    with pytest.raises(TooLarge):
        UnreadForm(FORM, declared, body, SMALL_FORM).get("a")


def test_a_form_without_a_declared_length_is_bounded_by_its_body() -> None:
    assert UnreadForm(FORM, None, lambda: b"a=1", SMALL_FORM) == {"a": "1"}
    with pytest.raises(TooLarge):
        UnreadForm(FORM, "3", lambda: b"x" * (MAX_FORM_BYTES + 1), SMALL_FORM).get("a")


def test_a_form_is_parsed_once_and_when_its_first_field_is_read() -> None:
    bodies = [b"a=1&b=2"]
    form = UnreadForm(FORM, "7", bodies.pop, SMALL_FORM)
    assert bodies
    assert (form["a"], form.get("b"), "c" in form, len(form)) == ("1", "2", False, 2)
    assert bodies == []


@pytest.mark.parametrize("letter", ["x", "é", "€", "😀", "\n"])
def test_the_longest_text_that_can_be_stored_fits_in_its_form(letter: str) -> None:
    text = letter * (100_000 // len(letter.encode()))
    typed = text.replace("\n", "\r\n")
    assert form_parameters(FORM, urlencode({"text": typed}).encode(), long_text_form(100_000)) == {"text": typed}


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("7", 7), ("0099", 99), ("100", 100)])
def test_a_number_of_a_request_is_read(text: str, number: int) -> None:
    assert whole_number(text, 100) == (number if len(text) <= 3 else None)


@pytest.mark.parametrize("text", [None, "", "101", "-1", "+1", "1.0", " 1", "1_0", "٣", "²", "1" * 5_000, "1e2"])
def test_a_number_of_a_request_is_bounded(text: str | None) -> None:
    assert whole_number(text, 100) is None


def test_the_first_cookie_of_a_name_counts() -> None:
    assert cookies("a=1; b=2; a=3") == {"a": "1", "b": "2"}


@pytest.mark.parametrize(
    "header", ["a=\x01", "a=é", "a=€", 'a="\\351"', "a=" + "x" * (MAX_VALUE_CHARACTERS + 1), "", ";;;", "=;="]
)
def test_an_unusable_cookie_is_left_out_and_locks_no_user_out(header: str) -> None:
    assert cookies(f"{header}; session=good")["session"] == "good"
    assert "a" not in cookies(header)


@pytest.mark.parametrize("value", ["a\x00", "\ufffd", "x" * (MAX_VALUE_CHARACTERS + 1)])
def test_a_part_of_the_path_that_is_not_text_is_refused(value: str) -> None:
    with pytest.raises(BadRequest):
        route_values({"scan_id": value})
