"""A machine to deploy from: the stand-in programs in a folder, and the world that they change."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

from tests.peers.azure_cli.answers import ROOT
from tests.peers.azure_cli.world import World, read, write

PROGRAM = """#!{python} -S
import sys
from pathlib import Path
sys.path.insert(0, {root!r})
from tests.peers.azure_cli.program import main
sys.exit(main(Path({world!r}), {name!r}, sys.argv[1:]))
"""


class Machine:
    """The programs `az` and `python`, each of which plays in one world."""

    def __init__(self, folder: Path, **chosen: object) -> None:
        self.folder = folder
        self.path = folder / "world.json"
        self.python = folder / "python"
        folder.mkdir(parents=True, exist_ok=True)
        write(self.path, World(**chosen))  # type: ignore[arg-type]
        self.path.with_suffix(".log").unlink(missing_ok=True)
        for name in ("az", "python"):
            self.install(folder / name, name)

    def install(self, place: Path, name: str) -> None:
        """Put a stand-in program somewhere."""
        text = PROGRAM.format(python=sys.executable, root=str(ROOT), world=str(self.path), name=name)
        place.write_text(text, encoding="utf-8")
        place.chmod(0o755)

    @property
    def world(self) -> World:
        """As it is now."""
        return read(self.path)

    def change(self, change: Callable[[World], None]) -> None:
        """Change it between two deployments."""
        world = self.world
        change(world)
        write(self.path, world)

    def put(self, world: World) -> None:
        """Go on from this world."""
        write(self.path, world)

    def ran(self) -> list[list[str]]:
        """Every command so far, the program's name first."""
        log = self.path.with_suffix(".log")
        return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()] if log.exists() else []

    def changes(self) -> list[str]:
        """The first words of every command that changes something."""
        return [" ".join(words[:5]) for words in self.ran() if not _only_asks(words)]


def _only_asks(words: list[str]) -> bool:
    """A question: it answers in JSON and is no deployment, or says a version or drivers."""
    return words[1] in ("-c", "bicep") or (
        words[-2:] == ["--output", "json"] and "deployment group create" not in " ".join(words)
    )
