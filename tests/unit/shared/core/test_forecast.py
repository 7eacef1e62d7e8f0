import random
from decimal import Decimal

from shared.core.forecast import HORIZON, LARGEST_ERROR, forecast


def series(*amounts: float) -> list[Decimal]:
    return [Decimal(str(amount)) for amount in amounts]


def test_a_steady_series_continues_without_an_error() -> None:
    found = forecast(series(*[100] * 12))
    assert found is not None
    assert found.amounts == (Decimal(100),) * HORIZON
    assert found.error == 0


def test_a_straight_line_continues_as_a_line() -> None:
    found = forecast(series(*range(100, 220, 10)))
    assert found is not None
    assert [round(amount) for amount in found.amounts] == [220, 230, 240]
    assert "straight line" in found.method
    assert found.error < Decimal("0.001")


def test_the_error_is_the_mean_miss_on_the_months_that_were_held_back() -> None:
    amounts = series(100, 110, 100, 110, 100, 110, 100, 110, 100, 110, 100, 110)
    found = forecast(amounts)
    assert found is not None
    assert found.held_back == 15
    assert Decimal("0.02") < found.error < Decimal("0.10")


def test_months_that_cannot_carry_a_forecast_have_none() -> None:
    chance = random.Random(7)  # noqa: S311  the same months at every run
    assert forecast(series(*[100] * 11)) is None
    assert forecast(series(*[100] * 11, 0)) is None
    assert forecast(series(*[100] * 11, -5)) is None
    assert forecast(series(*[chance.choice((10, 400)) for _ in range(12)])) is None


def test_what_is_forecast_keeps_the_promised_error() -> None:
    """On noise of ten percent, most actual months lie as near as the printed error says, doubled."""
    chance, near, all_months = random.Random(11), 0, 0  # noqa: S311
    for _ in range(200):
        whole = [Decimal(str(round(100 * (1 + chance.uniform(-0.1, 0.1)), 4))) for _ in range(15)]
        found = forecast(whole[:12])
        assert found is not None
        assert found.error <= LARGEST_ERROR
        for said, came in zip(found.amounts, whole[12:], strict=True):
            all_months += 1
            near += abs(said - came) <= 2 * found.error * came
    assert near / all_months > 0.8
