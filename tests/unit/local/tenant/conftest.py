"""A fresh simulated tenant for each test."""

import pytest

from tests.unit.local.tenant.visitor import Visitor


@pytest.fixture
def visitor() -> Visitor:
    return Visitor()
