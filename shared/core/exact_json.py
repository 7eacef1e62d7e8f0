"""Read JSON without rounding: numbers with a fraction or an exponent become Decimals."""

import json
from decimal import Decimal
from typing import Any, Never

import msgspec

_decode = msgspec.json.Decoder(float_hook=Decimal).decode


def exact_json(body: bytes) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return the value; None for a body without content. Raises ValueError for what is not JSON, and RecursionError.

    msgspec is several times as fast as the standard library, which is asked about whatever msgspec refuses: it also
    takes a byte order mark, UTF-16 and escaped lone surrogates.
    """
    if not body.strip():
        return None
    try:
        return _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return json.loads(body, parse_float=Decimal, parse_constant=_refuse)


def _refuse(constant: str) -> Never:
    raise ValueError(f"{constant} is no number")
