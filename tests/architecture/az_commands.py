"""Every command of the Azure CLI that the documents and the deployment's code name."""

import inspect
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from bicep import commands, questions
from bicep.commands import OUTPUTS, Command
from shared.core.checks import checks

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = ("README.md", "docs/*.md", ".github/workflows/*.yml")
CODE = ("bicep/**/*.py", "bicep/*.bicep*")
IN_TEXT = re.compile(r"(?<![\w./-])az (?=[a-z])[^`\n]*")
IN_CODE = re.compile(r"(?<![\w./-])az (?=[a-z]+ )[^`\"\n()]*")
PLACE = re.compile(r"<[^>]*>")
FIELD = re.compile(r"\{[^}]*\}")

MADE = {name: f"the-{name}" for name in OUTPUTS}
GIVEN = {
    "address": "192.0.2.7", "app": "app", "app_id": "app", "customer_client_id": "client", "deleted_id": "id",
    "deployers": "group", "desk_client_id": "client", "desk_principal_id": "principal", "group": "group",
    "group_id": "group", "made": MADE, "member_id": "member", "name": "name", "package": Path("package.zip"),
    "parameters": "main.example.bicepparam", "principal_id": "principal", "python": "python",
    "resource": "https://vault.azure.net",
    "redirect_address": "https://review.example.com/desk/callback", "server_exists": True,
    "subscription": "subscription",
}  # fmt: skip
"""A value for every parameter of the functions that make commands."""

MAKING = ("az", "question", "get")
"""Of the functions, those that the others are made with."""


def of_code() -> list[tuple[str, ...]]:
    """What the functions of commands.py and questions.py make, without the program's name."""
    made = [command for module in (commands, questions) for command in _made(module)]
    return [command.words[1:] for command in made if command.words[0] == "az"]


def _made(module: ModuleType) -> Iterator[Command]:
    for name, function in inspect.getmembers(module, inspect.isfunction):
        if function.__module__ != module.__name__ or name in MAKING or name.startswith("_"):
            continue
        found = function(**{one: GIVEN[one] for one in inspect.signature(function).parameters})
        yield from [found] if isinstance(found, Command) else found


def of_documents() -> list[tuple[str, ...]]:
    """What README, docs/ and the workflows tell a person or a pipeline to type."""
    texts = (path.read_text(encoding="utf-8") for pattern in DOCUMENTS for path in sorted(ROOT.glob(pattern)))
    return [_split(found) for text in texts for found in IN_TEXT.findall(text) if _is_command(found)]


def of_remedies() -> list[tuple[str, ...]]:
    """What the deployment's own messages and the templates' comments tell a person to type."""
    texts = (path.read_text(encoding="utf-8") for pattern in CODE for path in sorted(ROOT.glob(pattern)))
    return [_split(FIELD.sub("value", found)) for text in texts for found in IN_CODE.findall(text)]


def _is_command(text: str) -> bool:
    """A sentence about `az` is no command."""
    return len(text.split()) > 1


def _split(text: str) -> tuple[str, ...]:
    """The words as a shell has them, with a value for each placeholder."""
    lexer = shlex.shlex(PLACE.sub("value", text.rstrip(" .:;,")), posix=True, punctuation_chars="|;&)")
    lexer.whitespace_split = True
    lexer.commenters = "#"
    words = list(lexer)
    ends = [number for number, word in enumerate(words) if set(word) <= set("|;&)")]
    return tuple(words[1 : ends[0] if ends else None])


def of_checks() -> list[tuple[str, ...]]:
    """What findings tell a customer to type, for a resource of the check's type."""
    values = {"GROUP": "group", "NAME": "resource-1"}
    return [
        tuple({**values, "ID": _id_of(check.reads[1])}.get(word, word) for word in command.split()[1:])
        for check in checks()
        for command in check.command.split(" or ")
        if command
    ]


def _id_of(kind: str) -> str:
    namespace, *types = kind.split("/")
    path = "/".join(f"{each}/resource-{place}" for place, each in enumerate(types, 1))
    return f"/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/group/providers/{namespace}/{path}"


def every_command() -> list[tuple[str, ...]]:
    """All of them, each once."""
    return list(dict.fromkeys([*of_code(), *of_documents(), *of_remedies(), *of_checks()]))
