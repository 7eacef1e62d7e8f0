"""Microsoft's Bicep compiler over bicep/: `python -m tests.architecture.bicep_compiler` writes the snapshot again.

The snapshot is what the example parameters would deploy: modules and loops unrolled, known
values resolved, the rest as `[reference(…)]`. The tests of the infrastructure read it, and a
change of infrastructure is a readable difference of it.

https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-cli
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.architecture.tree import ROOT

FOLDER = ROOT / "bicep"
SNAPSHOT = Path(__file__).with_name("bicep_snapshot.json")
EXAMPLE = "main.example.bicepparam"
TOOLS = ROOT.parent / "shared" / "tools"
"""Beside a clone there may be a compiler and types of the Graph extension, for machines that cannot fetch them."""

REGISTRY_CACHE = Path.home() / ".bicep" / "br" / "mcr.microsoft.com"
SECONDS = 120
PLACE = (
    "--tenant-id", "11111111-1111-1111-1111-111111111111", "--subscription-id", "22222222-2222-2222-2222-222222222222",
    "--resource-group", "caleta", "--location", "uksouth",
)  # fmt: skip
"""Where the snapshot pretends to be deployed."""

DIAGNOSTIC = re.compile(r"^.* : (?:Warning|Error) .*$", re.MULTILINE)


class DoesNotCompile(Exception):
    """The compiler ended with an error; the text is what it wrote."""


def find_compiler() -> str | None:
    """The first of: $BICEP, `bicep` on the path, the Azure CLI's own, the one beside this clone."""
    candidates = (
        os.environ.get("BICEP"),
        shutil.which("bicep"),
        Path.home() / ".azure" / "bin" / "bicep",
        TOOLS / "bicep",
    )
    return next((str(one) for one in candidates if one and Path(one).is_file()), None)


@dataclass(frozen=True)
class Workspace:
    """A copy of bicep/ that the compiler works in."""

    compiler: str
    folder: Path

    def run(self, *words: str) -> tuple[str, str]:
        """What the compiler wrote to stdout and stderr; raises DoesNotCompile."""
        ended = subprocess.run(
            [self.compiler, *words], cwd=self.folder, capture_output=True, text=True, timeout=SECONDS, check=False
        )
        if ended.returncode:
            raise DoesNotCompile(ended.stdout + ended.stderr)
        return ended.stdout, ended.stderr

    def diagnostics(self, template: str = "main.bicep") -> list[str]:
        """Every warning and error about a template and its modules, one line each."""
        try:
            said = "".join(self.run("lint", template))
        except DoesNotCompile as failure:
            said = str(failure)
        return [line.replace(f"{self.folder}/", "") for line in DIAGNOSTIC.findall(said)]

    def snapshot(self) -> str:
        """What the example parameters would deploy, as JSON text."""
        self.run("snapshot", EXAMPLE, "--mode", "overwrite", *PLACE)
        made = self.folder / EXAMPLE.replace(".bicepparam", ".snapshot.json")
        found = json.loads(made.read_text(encoding="utf-8"))
        found["outputs"] = dict(sorted(found["outputs"].items()))  # their order differs from run to run
        return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


@contextmanager
def workspace() -> Iterator[Workspace]:
    """A copy of bicep/ that is deleted afterwards; raises FileNotFoundError where there is no compiler."""
    compiler = find_compiler()
    if compiler is None:
        raise FileNotFoundError("no Bicep compiler: set BICEP, or run `az bicep install`")
    with tempfile.TemporaryDirectory() as name:
        made = Workspace(compiler, Path(name) / "bicep")
        shutil.copytree(FOLDER, made.folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
        if not REGISTRY_CACHE.is_dir() and (TOOLS / "graph_types").is_dir():
            _take_types_beside_the_clone(made)
        yield made


def _take_types_beside_the_clone(made: Workspace) -> None:
    """The Graph extension's types come from Microsoft's registry; the template is the same with these."""
    made.run("publish-extension", str(TOOLS / "graph_types" / "index.json"), "--target", "../graph.tgz", "--force")
    config = made.folder / "bicepconfig.json"
    text = re.sub(r'"br:mcr[^"]*microsoftgraph[^"]*"', '"../graph.tgz"', config.read_text(encoding="utf-8"))
    config.write_text(text, encoding="utf-8")


@cache
def kept() -> str:
    """The snapshot kept beside the tests."""
    return SNAPSHOT.read_text(encoding="utf-8")


def main() -> None:
    """Write the snapshot again, for the difference to be read."""
    with workspace() as made:
        SNAPSHOT.write_text(made.snapshot(), encoding="utf-8")
    sys.stdout.write(f"{SNAPSHOT.relative_to(ROOT)} written\n")


if __name__ == "__main__":
    main()
