"""Microsoft's own parser and binder of Kusto queries, in one Node process over a pipe.

https://www.npmjs.com/package/@kusto/language-service-next
"""

import json
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tools.environment import NotPrepared, prepare_node_packages

HERE = Path(__file__).resolve().parent

COMMON = (
    "id:string, name:string, type:string, tenantId:string, ['kind']:string, location:string, resourceGroup:string, "
    "subscriptionId:string, managedBy:string, sku:dynamic, plan:dynamic, properties:dynamic, tags:dynamic, "
    "identity:dynamic, zones:dynamic, extendedLocation:dynamic, systemData:dynamic"
)
TABLES = (
    *("resources", "resourcecontainers", "advisorresources", "authorizationresources", "policyresources"),
    *("securityresources", "resourcechanges", "healthresources", "recoveryservicesresources"),
)
"""All tables of Resource Graph have the same columns.

https://learn.microsoft.com/azure/governance/resource-graph/reference/supported-tables-resources
"""


class NoBinder(Exception):
    """It cannot run here; the text says why."""


@dataclass(frozen=True)
class Bound:
    """What the binder says of a query: its errors, and the tables' columns and members that are read."""

    errors: tuple[str, ...]
    reads: frozenset[str]


class Binder:
    """The process; a context manager that ends it."""

    def __init__(self) -> None:
        node = shutil.which("node")
        if node is None:
            raise NoBinder("Node.js is not installed, so Microsoft's parser cannot judge the queries")
        try:
            folder = prepare_node_packages(HERE)
        except NotPrepared as missing:
            raise NoBinder(str(missing)) from None
        command = [node, str(HERE / "binder.js"), str(folder)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._ask({"tables": dict.fromkeys(TABLES, f"({COMMON})")})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        self._process.communicate()

    def bind(self, query: str) -> Bound:
        """Judge one query."""
        said = self._ask({"query": query})
        return Bound(tuple(said["errors"]), frozenset(said["reads"]))

    def _ask(self, asked: Mapping[str, Any]) -> Any:  # noqa: ANN401  its form depends on what is asked
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())
