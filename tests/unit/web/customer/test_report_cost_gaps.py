from decimal import Decimal

from shared.arm.request import ArmPage
from shared.core.coverage import Coverage, coverage
from shared.core.models import Scan, ScanStatus, Step, StepStatus
from shared.sql.scans.steps import Steps
from tests.support.browsing import COST_COLUMNS, Visit, cost_row, ended, store
from tests.support.collecting import FIRST, SECOND, collecting_scan, steps_of
from tests.support.steps import a_step
from web.customer.overview import scan_overview
from web.rendering.cost_gaps import cost_gaps


def read(*steps: Step) -> Coverage:
    return coverage(steps)


def breaks_off(visit: Visit, scan: Scan, number: int) -> None:
    """One page of the step is stored, then it fails."""
    steps, now = Steps(visit.parts.database), visit.parts.clock.now()
    planned = steps_of(visit.parts, scan)[number]
    held = steps.claim(planned.tenant_id, planned.step_id, now, 60)
    assert held is not None
    rows = [cost_row(SECOND, "70")]
    saved = steps.save_page(held, ArmPage(200, b"{}", {}, None), "costs", COST_COLUMNS, rows, 0, "next", now, 60)
    steps.complete(saved, StepStatus.FAILED, now, code="UnexpectedPayload", reason="The format was unexpected.")


def test_costs_that_were_read_whole_need_no_words() -> None:
    assert (
        cost_gaps(
            read(
                a_step(collector="costs", status=StepStatus.SUCCEEDED),
                a_step(collector="advisor", status=StepStatus.FAILED),
            )
        )
        == ()
    )


def test_a_subscription_read_in_part_and_one_not_read_are_distinguished() -> None:
    gaps = cost_gaps(
        read(
            a_step(
                collector="costs", status=StepStatus.FAILED, subscription_id="a", subscription_name="Shop", rows=5000
            ),
            a_step(collector="costs", status=StepStatus.BLOCKED, subscription_id="b", subscription_name="Finance"),
            a_step(collector="costs", status=StepStatus.SKIPPED, subscription_id="c", subscription_name="", rows=0),
        )
    )
    assert gaps == (
        "The totals include only part of Shop: reading the costs was interrupted.",
        "The totals do not include Subscription without a name (c…) and Finance: the costs could not be read.",
    )


def test_a_long_list_of_names_ends() -> None:
    blocked = [
        a_step(
            collector="costs", status=StepStatus.BLOCKED, subscription_id=f"{number}", subscription_name=f"S{number}"
        )
        for number in range(8)
    ]
    (sentence,) = cost_gaps(read(*blocked))
    assert sentence.startswith("The totals do not include S0, S1, S2, S3, S4 and 3 more:")


def test_the_report_says_it_right_below_the_totals_and_the_totals_are_the_rows(visit: Visit) -> None:
    visit.sign_in()
    scan = collecting_scan(visit.parts, [("costs", FIRST), ("costs", SECOND)])
    store(visit.parts, steps_of(visit.parts, scan)[0], "costs", COST_COLUMNS, [cost_row(FIRST, "30")])
    breaks_off(visit, scan, 1)
    ended(visit.parts, scan, ScanStatus.PARTIAL)
    head = visit.ask(scan_overview, scan_id=scan.scan_id).body.decode().split('id="spend-heading"')[1]
    assert f'value="{Decimal(100)}"' in head
    assert "The totals include only part of " in head


def test_totals_say_how_many_rows_they_leave_out() -> None:
    odd = {"collector": "costs", "status": StepStatus.SUCCEEDED, "rows": 18_838, "rows_set_aside": 3}
    assert cost_gaps(read(a_step(**odd))) == (
        "The totals leave out 3 of 18,841 cost rows of Production: they could not be read.",
    )
