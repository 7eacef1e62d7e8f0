"""People who ask for costs."""

import pytest

from local.tenant.options import Options
from tests.unit.local.tenant.arm.costs import Costs
from tests.unit.local.tenant.visitor import Visitor


@pytest.fixture
def costs(visitor: Visitor) -> Costs:
    return Costs(visitor)


@pytest.fixture
def small() -> Costs:
    return Costs(Visitor(Options(size="small", estate="hard", speed_up=1.0)))
