"""Parse an error response in any of Azure's five formats.

{"error": {code, message, details}}, bare {code, message}, Pascal case,
{"Error": {...}}, and nothing at all; any member may be missing or null.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from shared.arm.request import Json

MAX_DEPTH = 6
GENERIC_CODES = frozenset({"", "badrequest", "400", "multipleerrorsoccurred"})

_CODE = re.compile(r"[A-Za-z0-9_.-]{1,80}")


@dataclass(frozen=True)
class ErrorBody:
    """An error. `code` may be logged and shown; `text` joins all messages, for matching only.

    `place` is the position of the error in a query, for its author.
    """

    code: str
    text: str
    is_error: bool
    place: str = ""

    @property
    def key(self) -> str:
        """Return the code in lower case, for comparisons."""
        return self.code.lower()


def read_error(payload: Json, status: int) -> ErrorBody:
    """Return the error in this payload; its code is the status if it names none."""
    found = list(_errors(payload, 0))
    codes = [code for code, _ in found if code]
    own = found[0][0] if found else ""
    specific = [code for code in codes if code.lower() not in GENERIC_CODES]
    code = specific[0] if own.lower() in GENERIC_CODES and specific else own
    return ErrorBody(code or str(status), "\n".join(text for _, text in found), _is_error(payload), _place(payload, 0))


def _member(value: Json, name: str) -> Json:
    """Return the member of this name in any casing."""
    if not isinstance(value, dict):
        return None
    return next((found for key, found in value.items() if key.lower() == name), None)


def _is_error(payload: Json) -> bool:
    """Whether a response with status 200 is an error."""
    if not isinstance(payload, dict):
        return False
    has_data = any(name in payload for name in ("value", "properties", "data", "id"))
    return bool(_member(payload, "error")) or (not has_data and _member(payload, "code") is not None)


def _errors(value: Json, depth: int) -> Iterator[tuple[str, str]]:
    """Yield (code, message) of the error and its details, outermost first."""
    if depth > MAX_DEPTH or not isinstance(value, dict):
        return
    inner = _member(value, "error")
    if isinstance(inner, dict):
        yield from _errors(inner, depth + 1)
        return
    code = inner if isinstance(inner, str) else _member(value, "code")
    yield _safe_code(code), str(_member(value, "message") or "")
    details = _member(value, "details")
    for detail in details if isinstance(details, list) else ():
        yield from _errors(detail, depth + 1)


def _place(value: Json, depth: int) -> str:
    """Return `line 1, position 17, at “wher”` from the first detail that has it, else an empty text."""
    if depth > MAX_DEPTH or not isinstance(value, dict):
        return ""
    line, position, token = (_member(value, name) for name in ("line", "characterpositioninline", "token"))
    if isinstance(line, int) and isinstance(position, int):
        return f"line {line}, position {position}" + (f", at “{token[:40]}”" if isinstance(token, str) else "")
    details = _member(value, "details")
    inner = [_member(value, "error"), *(details if isinstance(details, list) else ())]
    return next((place for each in inner if (place := _place(each, depth + 1))), "")


def _safe_code(code: Json) -> str:
    written = str(code) if isinstance(code, (str, int)) else ""
    return written if _CODE.fullmatch(written) else ""
