"""The page of realized savings: the ledger's amounts, each resource once, for those who may see it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.core.findings import Measure
from shared.core.formats import money
from shared.core.savings_ledger import Fate
from shared.sql.findings.savings_ledger import SavingsLedger
from tests.support.changing_estate import ChangingEstate, Removal
from tests.support.collecting import TENANT, USER
from tests.support.desk import Desk, text_of
from tests.unit.shared.evidence.test_resource_fates import DECEMBER, NOVEMBER_MONTH, billed, billed_resource
from tests.unit.web.reviewed import SAMPLE_SEED, as_customer, drafted, publish
from web.customer.savings_history import savings_history_page
from web.rendering.labels import MEASURE_LABELS
from web.rendering.savings_history import FATE_LABELS, savings_history


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    publish(made, drafted(made))
    yield made
    made.close()


def page(desk: Desk, user: str = USER) -> str:
    as_customer(desk, user)
    return text_of(desk.get(savings_history_page))


def test_what_left_the_bill_is_shown_as_realized_beside_the_estimate(desk: Desk) -> None:
    resource = billed_resource(desk)
    removal = Removal(NOVEMBER_MONTH, NOVEMBER_MONTH)
    publish(desk, drafted(desk, DECEMBER, ChangingEstate(SAMPLE_SEED, "tiny", {resource.resource_id: removal})))
    shown = page(desk)
    ((currency, amount),) = billed(resource.resource_id, NOVEMBER_MONTH - 1).items()
    assert money(amount, currency) in shown
    assert resource.resource_name in shown
    assert FATE_LABELS[Fate.REMOVED][0] in shown


def test_each_resource_is_in_the_totals_once(desk: Desk) -> None:
    lines = SavingsLedger(desk.parts.database, TENANT).lines_for(USER)
    history = savings_history(lines, {}, {})
    assert sum(row.resources for row in history.by_measure) == len({one.resource_id for one in lines})
    assert sum(row.resources for row in history.by_subscription) == len({one.resource_id for one in lines})


def test_a_colleague_who_has_scanned_nothing_sees_nothing(desk: Desk) -> None:
    assert "There is nothing to compare yet" in page(desk, "99999999-9999-4999-8999-999999999999")


def test_without_a_session_the_page_asks_to_sign_in(desk: Desk) -> None:
    desk.cookies = {}
    assert desk.get(savings_history_page).status == 401


def test_every_measure_and_fate_has_a_label() -> None:
    assert set(MEASURE_LABELS) == set(Measure)
    assert set(FATE_LABELS) == set(Fate)
