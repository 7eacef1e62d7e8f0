import pytest

from tests.faults.limits import ATTACKS, Attack, measured, table


@pytest.mark.slow
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_what_an_attack_by_volume_costs_is_bounded(attack: Attack) -> None:
    cost = measured(attack)
    assert cost.is_bounded, cost


@pytest.mark.slow
def test_deletion_takes_time_in_proportion_to_the_scans() -> None:
    by_name = {attack.name: attack for attack in ATTACKS}
    ten, forty = (measured(by_name[f"deletion of {number} minimal scans"]).value for number in (10, 40))
    assert forty <= 4.2 * ten


def test_the_table_has_a_row_for_each_attack_with_what_it_cost_before() -> None:
    costs = dict.fromkeys((attack.name for attack in ATTACKS), measured(ATTACKS[2]))
    rows = table(costs).splitlines()[2:]
    assert [attack.before in row for attack, row in zip(ATTACKS, rows, strict=True)] == [True] * len(ATTACKS)
