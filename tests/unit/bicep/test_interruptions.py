"""A deployment that ends anywhere leaves a state from which the same command continues, and the doors closed.

A killed deployment leaves nothing but the world as it was after a command, so it is started
again from each of those. An interrupted one closes the doors on its way out.
"""

import copy
import dataclasses

import pytest

from tests.peers.azure_cli.world import World
from tests.unit.bicep.conftest import Start
from tests.unit.bicep.deploying import Deploying, interrupted_if_chosen

pytestmark = pytest.mark.slow


def is_closing(command: list[str]) -> bool:
    """While doors are closed no signal is taken."""
    return bool({"delete", "false", "remove", "Disabled", "close"} & set(command))


def state(world: World) -> World:
    """What has to be the same; the rest counts attempts."""
    return dataclasses.replace(world, commands=0, deployments=0, published=0, ends_at=0)


def every_world(deploying: Deploying) -> list[World]:
    """The world after each command of a whole deployment."""
    seen: list[World] = []
    deploying.played = lambda world: seen.append(copy.deepcopy(world))
    assert deploying.run() == 0
    deploying.played = interrupted_if_chosen
    return seen


def test_a_deployment_killed_after_any_command_ends_in_the_same_state_when_run_again(start: Start) -> None:
    deploying = start()
    worlds = every_world(deploying)
    whole = state(worlds[-1])
    assert len(worlds) > 30
    assert whole.doors_are_closed
    for number, left in enumerate(worlds, start=1):
        deploying.machine.put(left)
        assert deploying.run() == 0, number
        assert state(deploying.machine.world) == whole, number


@pytest.fixture
def length(start: Start) -> int:
    deploying = start()
    deploying.run()
    return deploying.machine.world.commands


def test_one_interrupted_after_any_command_closes_the_doors_and_continues_when_run_again(
    start: Start, length: int
) -> None:
    for number in range(1, length + 1):
        deploying = start(ends_at=number)
        code = deploying.run()
        assert code == (0 if is_closing(deploying.machine.ran()[number - 1]) else 130), number
        assert deploying.machine.world.doors_are_closed, number
        deploying.machine.change(lambda world: setattr(world, "ends_at", 0))
        assert deploying.run() == 0, number
        world = deploying.machine.world
        assert (world.has_schema, world.has_users, world.keys) == (True, True, 1), number
        assert world.published >= 1
        assert world.doors_are_closed, number
        assert not world.schema_is_open, number
