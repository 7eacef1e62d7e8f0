"""What a scan says of subscriptions that are no part of it."""

from collectors.scan.finish import ending
from shared.core.coverage import coverage
from shared.core.left_out import NOTHING_LEFT_OUT, LeftOut, left_out_of
from shared.core.models import ScanStatus, StepStatus
from tests.support.steps import a_step


def test_delegated_subscriptions_are_named_in_order() -> None:
    (sentence,) = LeftOut.of(["shop", "Archive"], 0).sentences
    assert sentence == (
        "2 delegated subscriptions of other tenants are not part of this scan: Archive, shop. "
        "To scan a delegated subscription, sign in to its own tenant."
    )


def test_many_are_counted() -> None:
    left_out = LeftOut.of([f"S{number:03}" for number in range(500)], 0)
    assert "500 delegated subscriptions" in left_out.sentences[0]
    assert "S019 and 480 more." in left_out.sentences[0]
    assert len(left_out.to_json()) < 1000


def test_it_survives_being_stored() -> None:
    left_out = LeftOut.of(["K\u00f6ln"], 3)
    assert left_out_of(left_out.to_json()) == left_out
    assert left_out_of(None) == NOTHING_LEFT_OUT
    assert NOTHING_LEFT_OUT.sentences == ()


def test_a_delegated_subscription_leaves_a_scan_complete_and_an_unreadable_one_does_not() -> None:
    steps = [a_step(status=StepStatus.SUCCEEDED)]
    assert ending(steps, LeftOut.of(["shop"], 0).to_json()) == (ScanStatus.COLLECTED, None)
    status, reason = ending(steps, LeftOut.of([], 1).to_json())
    assert status is ScanStatus.PARTIAL
    assert "Azure listed 1 subscription in a form that could not be read" in (reason or "")
    assert coverage(steps, LeftOut.of(["shop"], 0).to_json()).left_out.delegated == ("shop",)
