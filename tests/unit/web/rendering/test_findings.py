from datetime import timedelta

from shared.core.findings import FindingStatus
from shared.core.models import Scan
from simulator.estate.estate import Estate
from tests.support.clock import START
from tests.support.collecting import TENANT
from tests.support.desk import Desk, text_of
from tests.unit.web.reviewed import SAMPLE_SEED, as_customer, card_of, drafted, of_scan, publish
from web.customer.findings import finding_decision
from web.customer.savings import scan_savings

MONTH = timedelta(days=30)
ENDPOINTS = "rule:disconnected_private_endpoints"


def without_endpoints() -> Estate:
    estate = Estate(SAMPLE_SEED, "tiny")
    everything = estate.resources
    estate.resources = lambda subscription, month: tuple(  # type: ignore[assignment]
        one for one in everything(subscription, month) if one.kind.alias != "pe"
    )
    return estate


def reviewed(desk: Desk, number: int, estate: Estate | None = None) -> Scan:
    scan = drafted(desk, START + number * MONTH, estate)
    publish(desk, scan)
    as_customer(desk)
    return scan


def card(desk: Desk, scan: Scan) -> str:
    (one,) = [one for one in of_scan(desk, scan, FindingStatus.PUBLISHED) if one.key == ENDPOINTS]
    return card_of(text_of(desk.get(scan_savings, scan_id=scan.scan_id)), one)


def done(desk: Desk, scan: Scan) -> None:
    (one,) = [one for one in of_scan(desk, scan) if one.key == ENDPOINTS]
    form = {"decision": "done", "version": "0", "seen": str(one.version)}
    assert desk.post(finding_decision, form, scan_id=scan.scan_id, finding_id=one.finding_id).status == 303


def test_what_was_done_and_is_there_again_after_a_review_without_it_is_said_to_be_back(desk: Desk) -> None:
    first = reviewed(desk, 0)
    done(desk, first)
    second = reviewed(desk, 1, without_endpoints())
    assert "Since the previous review" in text_of(desk.get(scan_savings, scan_id=second.scan_id))
    third = reviewed(desk, 2)
    assert "back: the previous review did not find" in card(desk, third)
    assert "This scan still found" not in card(desk, third)
    assert "You marked this as done" not in card(desk, first), "it was done after that scan"


def test_what_was_done_and_never_went_is_still_there(desk: Desk) -> None:
    done(desk, reviewed(desk, 0))
    shown = card(desk, reviewed(desk, 1))
    assert "This scan still found" in shown
    assert "back:" not in shown


def test_another_tenants_decision_is_nobodys(desk: Desk) -> None:
    scan = reviewed(desk, 0)
    done(desk, scan)
    as_customer(desk, "99999999-9999-4999-8999-999999999999")
    assert desk.get(scan_savings, scan_id=scan.scan_id).status == 404
    assert scan.tenant_id == TENANT
