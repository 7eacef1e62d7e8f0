"""People who ask for costs."""

import pytest

from simulator.options import Options
from tests.unit.simulator.arm.costs import Costs
from tests.unit.simulator.visitor import Visitor


@pytest.fixture
def costs(visitor: Visitor) -> Costs:
    return Costs(visitor)


@pytest.fixture
def small() -> Costs:
    return Costs(Visitor(Options(size="small", estate="hard", speed_up=1.0)))
