"""What ships runs no text as code, reads no format that can, and takes secrets from the system's generator."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, shipped

RUN_TEXT = {"eval", "exec", "compile", "__import__"}
MODULES = {
    "ctypes": "memory without bounds",
    "dill": "objects from bytes",
    "ftplib": "a protocol without TLS",
    "ldap3": "LDAP",
    "lxml": "XML",
    "marshal": "objects from bytes",
    "pickle": "objects from bytes",
    "shelve": "objects from bytes",
    "smtplib": "mail past Microsoft Graph",
    "socket": "connections past the clients",
    "subprocess": "commands of the system",
    "telnetlib": "a protocol without TLS",
    "xml": "XML",
    "yaml": "objects from text",
}
"""Modules that no module that ships imports, and what each would bring."""

WEAK = {"md5", "sha1", "DES", "TripleDES", "ARC4", "ECB"}
NEVER_CALLED = {"system", "popen", "mktemp", "_create_unverified_context"}

JITTER = {"shared.sql.engine.retries"}
"""Modules that may use a generator whose numbers can be guessed: they spread out retries."""

SCRIPTS = sorted((ROOT / "web" / "static").glob("*.js"))
SCRIPT_DANGERS = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|postMessage|onmessage|"
    r"WebSocket|localStorage|sessionStorage|indexedDB|document\.cookie|__proto__|\bfor \(\w+ \w+ in |"
    r"\}\[[^\]]*\.name\]"
)
"""The last one is an object literal that is searched by a name from the page: its prototype answers too."""


def names_in(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


def builtins_called(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id


def unverified(tree: ast.Module) -> Iterator[ast.keyword]:
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in ("verify", "shell") and isinstance(node.value, ast.Constant):
            yield node


def test_no_text_is_run_as_code() -> None:
    assert [
        (module.name, name) for module in shipped() for name in builtins_called(module.tree) if name in RUN_TEXT
    ] == []


def test_no_module_runs_commands_or_makes_objects_from_bytes() -> None:
    roots = {(module.name, name.split(".")[0]) for module in shipped() for name in module.imports}
    assert sorted(found for found in roots if found[1] in MODULES) == []


def test_no_weak_hash_or_cipher_is_used_and_every_certificate_is_checked() -> None:
    weak = {
        (module.name, name) for module in shipped() for name in names_in(module.tree) if name in WEAK | NEVER_CALLED
    }
    assert sorted(weak) == []
    assert [module.name for module in shipped() for _ in unverified(module.tree)] == []


def test_numbers_that_can_be_guessed_only_spread_out_retries() -> None:
    assert {module.name for module in shipped() if "random" in module.imports} == JITTER


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_runs_no_text_keeps_nothing_and_takes_no_messages(script: Path) -> None:
    assert SCRIPT_DANGERS.findall(script.read_text(encoding="utf-8")) == []


def test_there_are_scripts_to_judge() -> None:
    assert len(SCRIPTS) >= 2
