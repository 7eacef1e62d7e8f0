"""SQL Server's permissions as the GRANTs and DENYs leave them: a DENY wins, what is not granted is refused."""

import re
from collections.abc import Iterable
from functools import cache

from shared.sql.migrations import script
from shared.sql.rights import APP_RIGHTS, grants

ON_OBJECT = re.compile(r"\b(GRANT|DENY) ([A-Z, ]+) ON OBJECT::dbo\.(\w+) TO (\w+)")
WRITE = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE(?: TOP \(\d+\))? FROM|TRUNCATE TABLE|DROP TRIGGER) (?:dbo\.)?(\w+)")
READ = re.compile(r"\b(?:FROM|JOIN) (?:dbo\.)?(\w+)")
EXECUTE = re.compile(r"EXEC dbo\.(\w+)")

Permission = tuple[str, str]
"""A right and what it is about, such as ("DELETE", "scans")."""


def refused(roles: Iterable[str], statement: str) -> list[Permission]:
    """What the statement needs and none of these roles has."""
    return [need for need in needed(statement) if not any(may(role, need) for role in roles)]


def may(role: str, permission: Permission) -> bool:
    """Whether a member of the role, and of public, has the permission."""
    granted, denied = _permissions()
    return (role, *permission) in granted and not {(role, *permission), ("public", *permission)} & denied


def needed(statement: str) -> list[Permission]:
    """What a statement needs; TRUNCATE and triggers need ALTER, which no role of the app's is ever granted."""
    write = WRITE.match(statement)
    deed = write[1].split()[0] if write else ""
    first = [] if write is None else [("ALTER" if deed in ("TRUNCATE", "DROP") else deed, write[2])]
    written = {name for _, name in first}
    reads = [("SELECT", table) for table in READ.findall(statement) if table in APP_RIGHTS and table not in written]
    return [*first, *reads, *(("EXECUTE", name) for name in EXECUTE.findall(statement))]


@cache
def _permissions() -> tuple[set[tuple[str, str, str]], set[tuple[str, str, str]]]:
    """All that is granted and all that is denied, as (role, right, object): by the migrations, then by the roles."""
    granted: set[tuple[str, str, str]] = set()
    denied: set[tuple[str, str, str]] = set()
    for word, rights, name, role in ON_OBJECT.findall("\n".join([script(), *grants()])):
        new = {(role, right, name) for right in rights.split(", ")}
        granted, denied = (granted | new, denied - new) if word == "GRANT" else (granted - new, denied | new)
    return granted, denied
