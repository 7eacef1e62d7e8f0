"""A customer asks by mail: an administrator of the desk extracts and deletes, over real HTTP; mails go."""

import csv
import io
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from local.browser import Page
from local.run import Run
from shared.core.audit import Action
from shared.core.models import ScanKey
from shared.sql.deletion.holdings import Holdings
from shared.sql.ledgers.outbox import Outbox
from simulator.people import CONTOSO
from tests.flow.walking import Walker, connection, ended, local_run

OWNER = "owner@contoso.example"
PATIENCE_SECONDS = 30
CUSTOMER = f"/desk/customers/{CONTOSO.tenant_id}"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    with local_run(Path(tmp_path_factory.mktemp("requests"))) as made:
        yield made


def at_the_desk(run: Run, username: str) -> Walker:
    """One of our operators, signed in."""
    walker = Walker(run)
    page = walker.open(f"{walker.base_url}/desk/sign-in")
    form = page.form_to("/desk/sign-in")
    assert form is not None
    page = walker.press(walker.submit(page, form), "username", username)
    assert page.heading == "Reviews"
    return walker


def filled(walker: Walker, page: Page, path: str, **fields: str) -> Page:
    form = page.form_to(path)
    assert form is not None, page.heading
    return walker.submit(page, form, **fields)


def subjects_to(run: Run, address: str) -> list[str]:
    mails: list[dict[str, Any]] = requests.get(f"{run.options.tenant.url}/_simulation/mails", timeout=10).json()[
        "mails"
    ]
    wanted = [{"emailAddress": {"address": address}}]
    return [mail["message"]["subject"] for mail in mails if mail["message"]["toRecipients"] == wanted]


def wait_for(run: Run, address: str, subject: str) -> None:
    ends = time.monotonic() + PATIENCE_SECONDS
    while subject not in subjects_to(run, address):
        assert time.monotonic() < ends, subjects_to(run, address)
        time.sleep(0.05)


def test_everything_is_deleted_on_request_with_a_receipt_and_a_mail_that_leaves_no_address(run: Run) -> None:
    customer = Walker(run)
    scan = ended(customer, customer.sign_in(OWNER))
    lead = at_the_desk(run, "lead@caleta.example")

    found = filled(lead, lead.open(f"{lead.base_url}/desk/customers"), "/desk/customers", q="contoso.example")
    assert CUSTOMER in found.text
    page = lead.open(f"{lead.base_url}{CUSTOMER}")
    log = filled(lead, page, f"{CUSTOMER}/audit", reason="Ola asked for the log.", format="csv")
    assert Action.SCAN_ENDED in {row["action"] for row in csv.DictReader(io.StringIO(log.text))}

    form = lead.open(f"{lead.base_url}{CUSTOMER}/delete")
    asked = {
        "user": "all",
        "scope": "everything",
        "requested_by": "Ola Owner",
        "requested_on": datetime.now(UTC).date().isoformat(),
        "mail": "Please delete our data",
    }
    mistyped = filled(lead, form, f"{CUSTOMER}/delete", **asked, confirm="contoso")
    assert mistyped.status == 400
    assert connection(run, OWNER) is not None
    receipt = filled(lead, mistyped, f"{CUSTOMER}/delete", **asked, confirm=CONTOSO.tenant_id)
    ends = time.monotonic() + PATIENCE_SECONDS
    while receipt.heading != "Deletion finished":
        assert time.monotonic() < ends, receipt.heading
        receipt = lead.open(receipt.url)

    wait_for(run, OWNER, "Your data has been deleted")
    receipt_id = urlsplit(receipt.url).path.rpartition("/")[2]
    ends = time.monotonic() + PATIENCE_SECONDS
    while Outbox(run.services.database).of_scan(ScanKey(CONTOSO.tenant_id, receipt_id)):
        assert time.monotonic() < ends, "the address is kept"
    assert not Holdings(run.services.database).counts(CONTOSO.tenant_id)
    assert customer.open(scan.url).status == 401
    public = Walker(run).open(re.findall(r"http://\S+/data/receipts/[0-9a-f-]{36}", receipt.text)[0])
    assert (public.status, public.heading) == (200, "The data is deleted")
    assert subjects_to(run, OWNER).count("Your data has been deleted") == 1
    after = filled(
        lead, lead.open(f"{lead.base_url}{CUSTOMER}"), f"{CUSTOMER}/audit", reason="once more", format="json"
    )
    assert Action.DELETION_TOLD in after.text


def test_a_reviewer_reads_of_retention_and_finds_no_page_of_administrators(run: Run) -> None:
    reviewer = at_the_desk(run, "reviewer@caleta.example")
    page = reviewer.open(f"{reviewer.base_url}/desk/retention")
    assert page.heading == "Retention"
    assert "/desk/customers" not in page.text
    for path in ("/desk/customers", CUSTOMER, f"{CUSTOMER}/delete"):
        assert reviewer.open(f"{reviewer.base_url}{path}").status == 404
