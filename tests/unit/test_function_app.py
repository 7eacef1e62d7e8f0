import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tests.architecture.tree import ROOT

IMPORT_AND_WATCH = """
import json, sys, time
touched = []
WATCHED = {"socket.connect", "socket.bind", "socket.getaddrinfo", "subprocess.Popen", "os.system", "sqlite3.connect"}
def watch(event, arguments):
    if event in WATCHED:
        touched.append(event)
    if event == "open" and not str(arguments[0]).endswith((".py", ".pyc", ".so", ".pyd", ".zip", "pyvenv.cfg")):
        touched.append(f"open {arguments[0]} {arguments[1]}")
    if event == "open" and set(str(arguments[1] or "")) & set("wax+"):
        touched.append(f"write {arguments[0]}")
began = time.perf_counter()
import azure.functions
library = time.perf_counter()
sys.addaudithook(watch)
import function_app
ended = time.perf_counter()
times = {"library": library - began, "app": ended - library}
print(json.dumps({**times, "touched": touched, "modules": sorted(sys.modules)}))
"""
HEAVY = {"msal", "sqlalchemy", "requests", "azure.servicebus", "azure.data", "azure.identity", "cryptography", "jinja2"}


@pytest.fixture(scope="module")
def imported() -> dict[str, Any]:
    """What importing the app in an empty environment does; Windows itself needs SYSTEMROOT."""
    environment = {name: value for name, value in os.environ.items() if name == "SYSTEMROOT"}
    command = [sys.executable, "-B", "-c", IMPORT_AND_WATCH]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    seen: dict[str, Any] = json.loads(ended.stdout)
    return seen


def test_the_app_imports_with_an_empty_environment_and_touches_nothing(imported: dict[str, Any]) -> None:
    assert imported["touched"] == []


def test_a_cold_start_is_short(imported: dict[str, Any]) -> None:
    sys.stdout.write(f"import: {imported['library']:.2f} s azure.functions, {imported['app']:.2f} s the app\n")
    assert imported["app"] < 1


def test_what_is_heavy_waits_for_its_first_use(imported: dict[str, Any]) -> None:
    assert HEAVY & set(imported["modules"]) == set()
