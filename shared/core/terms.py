"""How long a commitment binds, in words."""

import re


def term(code: str | None) -> str:
    """`P3Y` as `3 years`; what is of no such form stays as Azure wrote it."""
    known = re.fullmatch(r"P(\d+)([YM])", code or "")
    if not known:
        return code or "no term named"
    number, unit = int(known[1]), {"Y": "year", "M": "month"}[known[2]]
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
