"""Query strings, forms and cookies: strict, so that no page has to wonder what it was given."""

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import parse_qsl

from werkzeug.http import parse_cookie

from shared.core.errors import BadRequest

MAX_VALUE_CHARACTERS = 4096
"""The longest thing that Entra hands us through the browser, a code, is about half of this."""

MAX_FORM_BYTES = 65_536
MAX_PARAMETERS = 50


@dataclass(frozen=True)
class FormLimits:
    """How much a form may hold."""

    total_bytes: int
    value_characters: int


SMALL_FORM = FormLimits(MAX_FORM_BYTES, MAX_VALUE_CHARACTERS)
WRITING = FormLimits(48 * 1024 * 1024, 16 * 1024 * 1024)
"""A form for long texts. It takes more than may be stored, so that a text which is too long can be given back."""

FORM_TYPE = "application/x-www-form-urlencoded"
FORBIDDEN_CATEGORIES = {"Cc", "Cs"}
"""Control characters and halves of surrogate pairs."""

LINE_ENDS = re.compile(r"[\r\n]")
WRITTEN = re.compile(r"[\r\n\t]")
UNREADABLE = "\ufffd"
"""What a proxy puts where bytes were not UTF-8."""


def bad_parameter(what: str) -> BadRequest:
    """The error that says what is wrong, without repeating anything of it."""
    return BadRequest(f"We cannot use what was sent: {what}", "Go back to the start page and try again from there.")


def is_text(text: str) -> bool:
    """Whether it is what a person could have typed in one line."""
    return UNREADABLE not in text and all(unicodedata.category(sign) not in FORBIDDEN_CATEGORIES for sign in set(text))


def checked(name: str, value: str, most: int = MAX_VALUE_CHARACTERS) -> str:
    """The value, or BadRequest. The text of the error holds neither the name nor the value: both are foreign.

    A value may have several lines: Entra's error descriptions do.
    """
    if len(name) > MAX_VALUE_CHARACTERS or len(value) > most:
        raise bad_parameter("a part of it is too long")
    lines = WRITTEN if most > MAX_VALUE_CHARACTERS else LINE_ENDS
    if not is_text(name) or not is_text(lines.sub("", value)):
        raise bad_parameter("a part of it is not text")
    return value


def parameters(encoded: str, limits: FormLimits = SMALL_FORM) -> dict[str, str]:
    """A query string or a form body as single values, those that are empty left out; raises BadRequest."""
    try:
        pairs = parse_qsl(encoded, keep_blank_values=True, errors="strict", max_num_fields=MAX_PARAMETERS)
    except UnicodeDecodeError:
        raise bad_parameter("a part of it is not text") from None
    except ValueError:
        raise bad_parameter("it has too many parts") from None
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found:
            raise bad_parameter("a part of it is there twice")
        found[name] = checked(name, value, limits.value_characters)
    return {name: value for name, value in found.items() if value}


def form_parameters(content_type: str, body: bytes, limits: FormLimits = SMALL_FORM) -> dict[str, str]:
    """The fields of a form that a browser sent; raises BadRequest for anything else than a small form."""
    if not body:
        return {}
    if content_type.partition(";")[0].strip().lower() != FORM_TYPE:
        raise bad_parameter("this is not a form")
    if len(body) > limits.total_bytes:
        raise bad_parameter("the form is too large")
    try:
        return parameters(body.decode("ascii"), limits)
    except UnicodeDecodeError:
        raise bad_parameter("a part of it is not text") from None


def cookies(header: str) -> dict[str, str]:
    """The first cookie of each name. What is not of use is left out: a stranger's cookie must not lock anybody out."""
    readable = ";".join(part for part in header.split(";") if part.isascii() and part.isprintable())
    found: dict[str, str] = {}
    for name, value in parse_cookie(readable).items(multi=True):
        if len(value) <= MAX_VALUE_CHARACTERS and value.isascii() and value.isprintable():
            found.setdefault(name, value)
    return found


def route_values(values: dict[str, str]) -> dict[str, str]:
    """The parts of the path; raises BadRequest."""
    return {name: checked(name, value) for name, value in values.items()}
