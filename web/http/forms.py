"""Parse query strings, forms and cookies strictly, so that pages can rely on their input."""

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import parse_qsl

from werkzeug.http import parse_cookie

from shared.core.errors import BadRequest

MAX_VALUE_CHARACTERS = 4096
"""Entra's authorization code, the longest value we receive, has about half of this."""

MAX_FORM_BYTES = 65_536
MAX_PARAMETERS = 50


@dataclass(frozen=True)
class FormLimits:
    """Size limits of a form."""

    total_bytes: int
    value_characters: int


SMALL_FORM = FormLimits(MAX_FORM_BYTES, MAX_VALUE_CHARACTERS)
LONG_TEXT_FORM = FormLimits(48 * 1024 * 1024, 16 * 1024 * 1024)
"""A form for long texts. It accepts more than can be stored, so that text that is too long can be returned."""

FORM_TYPE = "application/x-www-form-urlencoded"
FORBIDDEN_CATEGORIES = {"Cc", "Cs"}
"""Control characters and lone surrogates."""

LINE_ENDS = re.compile(r"[\r\n]")
LINE_ENDS_AND_TABS = re.compile(r"[\r\n\t]")
REPLACEMENT_CHARACTER = "\ufffd"
"""Proxies put this in place of bytes that are not UTF-8."""


def bad_parameter(problem: str) -> BadRequest:
    """Return the error that describes the problem without repeating any input."""
    return BadRequest(f"The request is not valid: {problem}", "Go to the start page and try again from there.")


def is_text(text: str) -> bool:
    """Return whether this is text that a user could have typed in one line."""
    return REPLACEMENT_CHARACTER not in text and all(
        unicodedata.category(character) not in FORBIDDEN_CATEGORIES for character in set(text)
    )


def checked(name: str, value: str, max_characters: int = MAX_VALUE_CHARACTERS) -> str:
    """Return the value, or raise BadRequest. The error contains neither name nor value, as both are untrusted.

    A value can have several lines, as Entra's error descriptions do.
    """
    if len(name) > MAX_VALUE_CHARACTERS or len(value) > max_characters:
        raise bad_parameter("a value is too long")
    lines = LINE_ENDS_AND_TABS if max_characters > MAX_VALUE_CHARACTERS else LINE_ENDS
    if not is_text(name) or not is_text(lines.sub("", value)):
        raise bad_parameter("a value is not text")
    return value


def parameters(encoded: str, limits: FormLimits = SMALL_FORM) -> dict[str, str]:
    """Parse a query string or form body into single values, without empty ones; raises BadRequest."""
    try:
        pairs = parse_qsl(encoded, keep_blank_values=True, errors="strict", max_num_fields=MAX_PARAMETERS)
    except UnicodeDecodeError:
        raise bad_parameter("a value is not text") from None
    except ValueError:
        raise bad_parameter("it has too many values") from None
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found:
            raise bad_parameter("a value is repeated")
        found[name] = checked(name, value, limits.value_characters)
    return {name: value for name, value in found.items() if value}


def form_parameters(content_type: str, body: bytes, limits: FormLimits = SMALL_FORM) -> dict[str, str]:
    """Parse the fields of a form; raises BadRequest for other content types and large bodies."""
    if not body:
        return {}
    if content_type.partition(";")[0].strip().lower() != FORM_TYPE:
        raise bad_parameter("it is not a form")
    if len(body) > limits.total_bytes:
        raise bad_parameter("the form is too large")
    try:
        return parameters(body.decode("ascii"), limits)
    except UnicodeDecodeError:
        raise bad_parameter("a value is not text") from None


def cookies(header: str) -> dict[str, str]:
    """Return the first cookie of each name. Invalid ones are ignored, so that a foreign cookie locks no user out."""
    readable = ";".join(part for part in header.split(";") if part.isascii() and part.isprintable())
    found: dict[str, str] = {}
    for name, value in parse_cookie(readable).items(multi=True):
        if len(value) <= MAX_VALUE_CHARACTERS and value.isascii() and value.isprintable():
            found.setdefault(name, value)
    return found


def route_values(values: dict[str, str]) -> dict[str, str]:
    """Return the checked route parameters; raises BadRequest."""
    return {name: checked(name, value) for name, value in values.items()}
