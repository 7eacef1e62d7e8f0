"""A fresh simulated tenant for each test."""

import pytest

from tests.unit.simulator.visitor import Visitor


@pytest.fixture
def visitor() -> Visitor:
    return Visitor()
