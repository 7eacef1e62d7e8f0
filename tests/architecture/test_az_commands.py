"""Every az command of code and documents is one that the Azure CLI took, in the version that the lock pins.

The CLI itself is not asked here: its answers are kept (tests/peers/azure_cli/specification.json).
"""

import shlex

import pytest

from tests.architecture.az_commands import every_command
from tests.architecture.tree import ROOT
from tests.peers.azure_cli.arguments import Refused, parse
from tests.peers.azure_cli.specification import PACKAGE, UPDATE, specification
from tools.requirements import pins

COMMANDS = every_command()
each_command = pytest.mark.parametrize("words", COMMANDS, ids=shlex.join)


@each_command
def test_each_argument_is_one_that_the_cli_has(words: tuple[str, ...]) -> None:
    try:
        parse(words)
    except Refused as refused:
        pytest.fail(f"az {shlex.join(words)}: {refused} If the CLI has it, {UPDATE}")


@each_command
def test_the_cli_itself_took_each_command(words: tuple[str, ...]) -> None:
    assert specification().was_judged(words), f"az {shlex.join(words)} is new: {UPDATE}"


def test_the_cli_is_the_one_that_the_lock_pins() -> None:
    (pinned,) = (pin.version for pin in pins(ROOT / "requirements-az.txt") if pin.name == PACKAGE)
    assert specification().version == pinned, UPDATE


def test_nothing_is_kept_of_commands_that_are_not_used_any_more() -> None:
    assert specification().judged == {shlex.join(words) for words in COMMANDS}, UPDATE


def test_a_command_with_another_argument_was_not_judged() -> None:
    assert not specification().was_judged(("account", "show", "--output", "yaml"))
