"""The licences of the packages that are deployed, as reviewed in licences.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("licences.toml")


class LicenceRefused(Exception):
    """A package has no reviewed licence, or one that is not allowed; the text says which."""


@dataclass(frozen=True)
class Licences:
    """Allowed SPDX identifiers, and the SPDX expression of each package."""

    allowed: frozenset[str]
    packages: Mapping[str, str]

    def of(self, package: str) -> str:
        """Return the package's SPDX expression. Raises LicenceRefused."""
        expression = self.packages.get(package)
        if expression is None:
            raise LicenceRefused(f"{package}: its licence is unknown. Read it, then add it to tools/{FILE.name}.")
        if not self.allows(expression):
            raise LicenceRefused(f"{package}: its licence {expression} is not allowed in tools/{FILE.name}.")
        return expression

    def allows(self, expression: str) -> bool:
        """Whether one of the alternatives is allowed in all its parts. Brackets and exceptions are not understood."""
        return any(
            all(part in self.allowed for part in alternative.split(" AND ")) for alternative in expression.split(" OR ")
        )


def read_licences(file: Path = FILE) -> Licences:
    """Return the reviewed licences."""
    read = tomllib.loads(file.read_text(encoding="utf-8"))
    return Licences(frozenset(read["allowed"]), read["packages"])
