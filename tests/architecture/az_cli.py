"""The Azure CLI judges every command: `python3 -m tests.architecture.az_cli [--update]`.

It runs in an environment of its own, signed out, in one process: a command that is right fails
for want of a sign-in and for nothing else. `--update` writes the specification: the version of
the CLI, the commands that it took, and every argument that it has for them. The tests and the
stand-in (tests/peers/azure_cli) hold commands to that, because the CLI itself is as large as
all other packages together.
"""

import argparse
import json
import os
import shlex
import sys
import tempfile
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from importlib.metadata import version
from io import StringIO
from pathlib import Path
from typing import Any

from tests.architecture.az_commands import every_command
from tests.architecture.bicep_compiler import find_compiler, workspace
from tests.peers.azure_cli.specification import FILE, PACKAGE, UPDATE
from tools.environment import ROOT, continue_in, prepare

SIGNED_OUT = "az login"
PARSED_ONLY = ("login", "version", "bicep", "upgrade", "account set")
"""These are parsed and not run: they would sign in, install something, or need no sign-in."""

COMPILES = "deployment group"
HIDDEN = {
    "--help",
    "--verbose",
    "--debug",
    "--only-show-errors",
    "--cmd",
    "--acquire-policy-token",
    "--change-reference",
}


class Cli:
    """One Azure CLI in this process, signed out. What it writes to stderr is kept."""

    def __init__(self) -> None:
        self.said = StringIO()
        sys.stderr = self.said  # before the import: the CLI's log writes to the stream that it finds then
        from azure.cli.core import get_default_cli

        self._cli = get_default_cli()

    def run(self, words: tuple[str, ...]) -> int:
        """Return the exit code."""
        self.said.seek(0)
        self.said.truncate()
        try:
            return int(self._cli.invoke(list(words), out_file=StringIO()))
        except SystemExit as ended:
            return int(ended.code or 0)

    def options(self, words: tuple[str, ...]) -> tuple[str, dict[str, Any]]:
        """Return the command's name and what it takes, from the CLI's own parser."""
        stdout, sys.stdout = sys.stdout, StringIO()
        try:
            self.run((*_name_part(words), "--help"))
        finally:
            sys.stdout = stdout
        parser, name = self._cli.invocation.parser, list(_name_part(words))
        chosen = parser.subparsers[tuple(name[:-1])].choices[name[-1]]
        actions = [action for action in chosen._actions if action.option_strings]
        taken = {min(_names(action), key=_length_first): _described(action) for action in actions}
        return " ".join(name), {
            option: taken[option] for option in sorted(taken) if option not in HIDDEN and "_" not in option
        }


def _length_first(option: str) -> tuple[bool, int]:
    return not option.startswith("--"), -len(option)


def _name_part(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words before the first option."""
    first = next((number for number, word in enumerate(words) if word.startswith("-")), len(words))
    return words[:first]


def _names(action: argparse.Action) -> list[str]:
    """Its spellings; the CLI declares a few as one text with a comma, and takes each as a beginning of that."""
    return sorted(name for option in action.option_strings for name in option.split(", "))


def _described(action: argparse.Action) -> dict[str, Any]:
    return {
        "names": _names(action),
        "required": bool(action.required),
        "values": "none" if action.nargs == 0 else "many" if action.nargs in ("+", "*") else str(action.nargs or "one"),
        "choices": sorted(map(str, action.choices)) if action.choices else [],
    }


def judge(cli: Cli, words: tuple[str, ...], parsed_only: tuple[str, ...]) -> str | None:
    """Say what is wrong with a command; None when it is right."""
    if " ".join(words).startswith(parsed_only):
        name, options = cli.options(words)
        known = {one for option in options.values() for one in option["names"]}
        strange = [word for word in words if word.startswith("--") and word not in known]
        return f"{name}: {strange}" if strange else None
    code = cli.run(words)
    said = cli.said.getvalue().strip()
    return None if code == 1 and SIGNED_OUT in said else f"exit {code}: {said or 'nothing was said'}"


def specification(cli: Cli, taken: list[tuple[str, ...]]) -> str:
    """Return what the specification says of the commands that the CLI took, as JSON text."""
    made = sorted(dict(cli.options(words) for words in taken).items())
    texts = [
        ",\n".join(f"  {json.dumps(name)}: {json.dumps(one)}" for name, one in options.items()) for _, options in made
    ]
    commands = [f" {json.dumps(name)}: {{\n{text}\n }}" for (name, _), text in zip(made, texts, strict=True)]
    head = f'"version": "{version(PACKAGE)}",\n"judged": {json.dumps(sorted(map(shlex.join, taken)), indent=1)}'
    return f'{{\n{head},\n"commands": {{\n' + ",\n".join(commands) + "\n}\n}\n"


@contextmanager
def templates(folder: Path) -> Iterator[bool]:
    """Work where the templates are, with Microsoft's compiler on the path: the CLI compiles before it signs in.

    Yields False, and says so, where there is no compiler.
    """
    if find_compiler() is None:
        sys.stdout.write(f"NOT JUDGED: no Bicep compiler here; az {COMPILES} … is parsed and not run\n")
        yield False
        return
    with workspace() as made:
        (folder / "bicep").symlink_to(made.compiler)
        os.environ["PATH"] = f"{folder}{os.pathsep}{os.environ['PATH']}"
        with chdir(made.folder):
            yield True


def judge_all(found: list[tuple[str, ...]]) -> tuple[dict[tuple[str, ...], str], str]:
    """Return what is wrong, by command, and the specification of the others."""
    with tempfile.TemporaryDirectory() as folder, templates(Path(folder)) as compiles:
        settings = {"CORE_COLLECT_TELEMETRY": "no", "CORE_NO_COLOR": "yes", "BICEP_USE_BINARY_FROM_PATH": "true"}
        os.environ.update({f"AZURE_{name}": value for name, value in settings.items()}, AZURE_CONFIG_DIR=folder)
        cli = Cli()
        parsed_only = PARSED_ONLY if compiles else (*PARSED_ONLY, COMPILES)
        wrong = {one: text for one in found if (text := judge(cli, one, parsed_only))}
        made = specification(cli, [one for one in found if one not in wrong])
    sys.stderr = sys.__stderr__
    return wrong, made


def main(words: list[str]) -> int:
    continue_in(prepare(ROOT / ".venv-az", ("requirements-az.txt",)), ["-m", "tests.architecture.az_cli", *words])
    found = every_command()
    wrong, current = judge_all(found)
    said = [f"az {shlex.join(one)}\n    {text}" for one, text in wrong.items()]
    if "--update" in words:
        FILE.write_text(current, encoding="utf-8")
    if not FILE.is_file() or FILE.read_text(encoding="utf-8") != current:
        said.append(f"{FILE.name} is not what the Azure CLI takes: {UPDATE} and read the difference")
    sys.stdout.write("\n".join([*said, f"{len(found)} commands judged, {len(wrong)} wrong", ""]))
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
