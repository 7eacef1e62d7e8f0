"""What the documents and the pipeline say to type deploys from a fresh clone, in real processes over real TLS."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.architecture.tree import ROOT, tracked
from tests.peers.azure_cli.front import front
from tests.peers.azure_cli.machine import Machine
from tests.peers.azure_cli.world import GROUP, MACHINE_ADDRESS, World
from tests.unit.bicep.deploying import app_answers

pytestmark = pytest.mark.slow

NAMES = ["caleta-app.azurewebsites.net", "review.caleta.example"]
READERS = {"<group>": "caleta", "<your address>": MACHINE_ADDRESS, "<tag>": "earlier"}
DEPLOYMENT = "docs/deployment.md"


class Clone:
    """A fresh clone and a shell in its folder, on a machine where Azure's programs are stand-ins."""

    def __init__(self, folder: Path) -> None:
        self.machine = Machine(folder / "machine")
        self.folder = folder / "clone"
        self.environment: dict[str, str] = {}
        subprocess.run(["git", "clone", "-q", str(ROOT), str(self.folder)], check=True)
        for path in tracked():  # what is not committed yet
            target = self.folder / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target)
        interpreter = self.folder / ".venv" / "bin" / "python"
        interpreter.parent.mkdir(parents=True)
        self.machine.install(interpreter, "python")
        (self.machine.folder / "python3").symlink_to(sys.executable)
        curl = self.machine.folder / "curl"
        curl.write_text(f"#!/bin/sh\necho {MACHINE_ADDRESS}\n", encoding="utf-8")
        curl.chmod(0o755)

    def answers(self, address: str, headers: dict[str, str]) -> tuple[int, str]:
        answer = app_answers(self.machine, address, headers)
        return answer.status, answer.text

    def start(self, line: str, **more: str) -> "subprocess.Popen[str]":
        path = f"{self.machine.folder}{os.pathsep}{os.environ['PATH']}"
        environment = {"HOME": str(self.machine.folder), "PATH": path, **self.environment, **more}
        return subprocess.Popen(
            ["/bin/sh", "-c", f"exec {line}" if line.startswith("python3") else line],
            cwd=self.folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def type(self, line: str, **more: str) -> tuple[int, str]:
        """Run one line; the exit code, and all that was written."""
        with self.start(line, **more) as process:
            written, said = process.communicate(timeout=120)
        return process.returncode, written + said

    def fill_in(self) -> None:
        """What a reader does with the copy of the example."""
        copy = self.folder / "bicep" / "production.bicepparam"
        filled = copy.read_text(encoding="utf-8").replace("example.com", "caleta.example")
        copy.write_text(filled.replace("00000000-0000-0000-0000-000000000000", GROUP), encoding="utf-8")


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clone]:
    made = Clone(tmp_path_factory.mktemp("fresh"))
    with front(made.machine.folder, NAMES, made.answers) as environment:
        made.environment = environment
        yield made


def typed(document: str, beginning: str) -> list[str]:
    """The lines of the first block after a heading, as a reader types them."""
    text = (ROOT / document).read_text(encoding="utf-8").partition(f"## {beginning}\n")[2]
    (block,) = re.findall(r"```\n(.*?)```", text, re.DOTALL)[:1]
    for placeholder, value in READERS.items():
        block = block.replace(placeholder, value)
    return [line for line in block.splitlines() if line]


def test_the_document_leads_from_nothing_to_a_deployed_app(clone: Clone) -> None:
    clone.machine.put(World(signed_in=False, has_group=False))
    lines = typed(DEPLOYMENT, "Deploy")
    assert len(lines) == 6
    for line in lines:
        code, said = clone.type(line)
        assert code == 0, (line, said)
        if line.startswith("cp "):
            clone.fill_in()
    assert "2. Users may sign in to the review desk: to do" in said
    world = clone.machine.world
    assert (world.deployments, world.published, world.has_users) == (1, 1, True)
    assert world.doors_are_closed


def test_the_runbook_leads_back_to_the_earlier_package(clone: Clone) -> None:
    subprocess.run(["git", "tag", "-f", "earlier"], cwd=clone.folder, check=True, capture_output=True)
    clone.machine.put(World(has_schema=True, has_users=True, keys=1, deployments=1))
    for line in typed("docs/runbooks.md", "Roll back"):
        code, said = clone.type(line.replace("git checkout", "git checkout -q"))
        assert code == 0, (line, said)
    assert clone.machine.world.published == 1


def steps(job: str) -> list[str]:
    workflow: dict[str, Any] = yaml.safe_load((ROOT / ".github/workflows/deploy.yml").read_text(encoding="utf-8"))
    return [step["run"] for step in workflow["jobs"][job]["steps"] if "run" in step]


@pytest.mark.parametrize(("job", "published"), [("preview", 0), ("deploy", 1)])
def test_the_pipeline_previews_and_deploys_as_its_service_principal(clone: Clone, job: str, published: int) -> None:
    shutil.copy2(clone.folder / "bicep/main.example.bicepparam", clone.folder / "bicep/production.bicepparam")
    clone.fill_in()
    clone.machine.put(World(is_user=False))
    for run in steps(job):
        code, said = clone.type(run, RESOURCE_GROUP="caleta", PARAMETERS="bicep/production.bicepparam")
        assert code == 0, (run, said)
    assert clone.machine.world.published == published
    assert clone.machine.world.doors_are_closed


def test_the_pipeline_rolls_back_to_a_tag(clone: Clone) -> None:
    subprocess.run(["git", "tag", "-f", "earlier"], cwd=clone.folder, check=True, capture_output=True)
    clone.machine.put(World(has_schema=True, has_users=True, keys=1, deployments=1, is_user=False))
    for run in steps("roll-back"):
        code, said = clone.type(run, RESOURCE_GROUP="caleta", EARLIER="earlier")
        assert code == 0, (run, said)
    world = clone.machine.world
    assert (world.published, world.deployments, world.doors_are_closed) == (1, 1, True)
    assert clone.type(steps("roll-back")[0], EARLIER="--output=stolen")[0] != 0, "an option is no tag"


WHOLE = (
    "python3 -m bicep.deploy --resource-group caleta --parameters bicep/production.bicepparam "
    f"--from-address {MACHINE_ADDRESS}"
)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda one: one.name)
def test_a_deployment_that_a_signal_ends_with_doors_open_continues_when_run_again(
    clone: Clone, number: signal.Signals
) -> None:
    shutil.copy2(clone.folder / "bicep/main.example.bicepparam", clone.folder / "bicep/production.bicepparam")
    clone.fill_in()
    clone.machine.put(World(ends_by=number, ends_after="shared.sql.migrate"))
    code, said = clone.type(WHOLE)
    assert code == (-number if number == signal.SIGKILL else 130), said
    assert clone.machine.world.doors_are_closed is (number != signal.SIGKILL)
    clone.machine.change(lambda world: setattr(world, "ends_after", ""))
    assert clone.type(WHOLE)[0] == 0
    world = clone.machine.world
    assert (world.has_users, world.keys, world.published) == (True, 1, 1)
    assert world.doors_are_closed
