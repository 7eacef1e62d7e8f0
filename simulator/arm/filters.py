"""Parses the OData filters of the list calls: `a eq 'x' and b eq 'y'`."""

import re

from simulator.arm.errors import refusal

TERM = re.compile(r"\s*([A-Za-z/]+)\s+eq\s+'([^']*)'\s*")
AND = re.compile(r"\s+and\s+", re.IGNORECASE)


def read(text: str | None, defaults: dict[str, str], allowed: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """The filter's values by lower-case name, in Azure's spelling; raises Refusal with 400 for another filter."""
    values = {name.lower(): value for name, value in defaults.items()}
    for term in AND.split(text) if text else ():
        found = TERM.fullmatch(term)
        name = found.group(1).lower() if found else ""
        choices = {choice.lower(): choice for choice in allowed.get(name, ())}
        if found is None or found.group(2).lower() not in choices:
            raise refusal(400, "BadRequest", "Invalid filter: a property or value of it is not supported.")
        values[name] = choices[found.group(2).lower()]
    return values
