"""Parse query strings, forms and cookies strictly, so that pages can rely on their input."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl

from werkzeug.http import parse_cookie

from shared.core.errors import BadRequest, TooLarge

MAX_VALUE_CHARACTERS = 4096
"""Entra's authorization code, the longest value we receive, has about half of this."""

MAX_FORM_BYTES = 65_536
MAX_PARAMETERS = 150
"""A page shows at most a hundred resources to choose from."""


@dataclass(frozen=True)
class FormLimits:
    """Size limits of a form."""

    total_bytes: int
    value_characters: int


SMALL_FORM = FormLimits(MAX_FORM_BYTES, MAX_VALUE_CHARACTERS)

MAX_VERSION = 2**31 - 1
"""The largest version number: the column is an INTEGER of 32 bits."""

MAX_RECORD_ID = 2**53
"""The largest id of a record that a form or an address can name: JSON has no larger exact number."""

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


def long_text_form(text_bytes: int) -> FormLimits:
    """Return the limits of a form with one text of which `text_bytes` bytes of UTF-8 can be stored.

    It takes twice as much, so that a text that is too long comes back in the form. A byte needs
    at most six on the way: a line break is sent as `%0D%0A`.
    """
    return FormLimits(MAX_FORM_BYTES + 2 * 6 * text_bytes, 2 * 2 * text_bytes)


def whole_number(text: str | None, most: int) -> int | None:
    """Return the number of a request, from 0 to `most`; None for any other text. The only way from text to a number."""
    is_short = text is not None and text.isascii() and text.isdigit() and len(text) <= len(str(most))
    number = int(text) if text is not None and is_short else most + 1
    return number if number <= most else None


class UnreadForm(Mapping[str, str]):
    """A form that is parsed when its first field is read, so that a refused caller costs nothing.

    `declared_bytes` is the Content-Length, None without one. Reading raises BadRequest and TooLarge.
    """

    def __init__(
        self, content_type: str, declared_bytes: str | None, body: Callable[[], bytes], limits: FormLimits
    ) -> None:
        self._content_type = content_type
        self._declared_bytes = declared_bytes
        self._body = body
        self._limits = limits

    @cached_property
    def _fields(self) -> Mapping[str, str]:
        if self._declared_bytes is not None and whole_number(self._declared_bytes, self._limits.total_bytes) is None:
            raise too_large(self._limits)
        return form_parameters(self._content_type, self._body(), self._limits)

    def __getitem__(self, name: str) -> str:
        return self._fields[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)


def too_large(limits: FormLimits) -> TooLarge:
    """Return the error of a body over the limit."""
    return TooLarge(
        "The form is too large",
        f"Nothing was changed. This form can have {limits.total_bytes // 1024:,} KB. Go back and shorten your text.",
    )


def form_parameters(content_type: str, body: bytes, limits: FormLimits = SMALL_FORM) -> dict[str, str]:
    """Parse the fields of a form; raises BadRequest for other content types, TooLarge before a large one is decoded."""
    if len(body) > limits.total_bytes:
        raise too_large(limits)
    if not body:
        return {}
    if content_type.partition(";")[0].strip().lower() != FORM_TYPE:
        raise bad_parameter("it is not a form")
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
