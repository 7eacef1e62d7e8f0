"""The parameter file of a deployment: where it is, what is in it, what Azure would refuse."""

import ipaddress
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bicep.runner import ROOT

TEMPLATE = ROOT / "bicep" / "main.bicep"
USING = re.compile(r"^\s*using\s+'([^']*)'", re.MULTILINE)
NO_GROUP = "00000000-0000-0000-0000-000000000000"
PLACEHOLDER_DOMAIN = "example.com"


@dataclass(frozen=True)
class Parameters:
    """What a deployment knows before it starts; as in main.bicep."""

    base_url: str
    mail_sender: str
    prefix: str
    administrators: str
    """Object id of the group that administers the database."""
    budget_start: str | None


def parameters(values: Mapping[str, Any]) -> Parameters:
    """Read values by their names in the template, with its defaults."""
    return Parameters(
        base_url=values["baseUrl"],
        mail_sender=values["mailSender"],
        prefix=values.get("prefix") or "caleta",
        administrators=values["sqlAdministratorGroup"]["objectId"],
        budget_start=(values.get("budget") or {}).get("startDate"),
    )


def values_of(compiled: str) -> dict[str, Any]:
    """Return the values by name from the output of the `build-params` question."""
    given = json.loads(json.loads(compiled)["parametersJson"])["parameters"]
    return {name: one["value"] for name, one in given.items()}


def misplaced(file: Path) -> str | None:
    """Say why this file does not lead to the template; None when it does."""
    if not file.is_file():
        return f"{file} does not exist. Copy bicep/main.example.bicepparam within its folder and fill in the copy"
    found = USING.search(file.read_text(encoding="utf-8"))
    if found and (file.parent / found[1]).resolve() == TEMPLATE:
        return None
    return f"`using` in {file} does not lead to {TEMPLATE}: move the file into bicep/ and write using 'main.bicep'"


def wrong_values(values: Mapping[str, Any]) -> Iterator[str]:
    """Say what is left of the example or would be refused."""
    found = parameters(values)
    if not re.fullmatch(r"https://[^/\s]+", found.base_url):
        yield f"baseUrl {found.base_url!r} is not https://<name> without a slash at the end"
    texts = [value for value in values.values() if isinstance(value, str)]
    if found.administrators == NO_GROUP or any(text.endswith(PLACEHOLDER_DOMAIN) for text in texts):
        yield "the parameter file still has values of the example (example.com, an object id of zeros)"
    if found.budget_start is not None and not is_month(found.budget_start):
        yield f"the budget's startDate {found.budget_start!r} is not the first day of a month as yyyy-MM-01"


def is_month(text: str) -> bool:
    """Whether this is the first day of a month as yyyy-MM-01."""
    try:
        return date.fromisoformat(text).day == 1
    except ValueError:
        return False


def is_address(text: str) -> bool:
    """Whether this is one IPv4 address."""
    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return True
