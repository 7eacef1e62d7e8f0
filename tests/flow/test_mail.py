"""The mails of a whole scan, as they arrive at the simulated Graph."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from local.registration import REVIEWERS_MAILBOX
from local.run import Run
from shared.core.mail import Mail, MailKind, MailState
from shared.core.messages import ScanMessage
from shared.core.models import ScanKey
from shared.messaging.queues import SCAN_FINISHES, SEND_MAIL, OutgoingMessage
from shared.sql.ledgers.outbox import Outbox
from simulator.people import CONTOSO
from tests.flow.walking import Walker, ended, is_scan, local_run, simulate

OWNER = "owner@contoso.example"
PATIENCE_SECONDS = 30


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    with local_run(tmp_path) as made:
        yield made


def scanned(run: Run) -> str:
    """Signs in and waits for the scan; its id."""
    walker = Walker(run)
    page = walker.sign_in(OWNER)
    assert is_scan(page), page.heading
    return urlsplit(ended(walker, page).url).path.split("/")[2]


def arrived(run: Run) -> list[dict[str, Any]]:
    """What the simulated Graph took."""
    answer = requests.get(f"{run.options.tenant.url}/_simulation/mails", timeout=10)
    mails: list[dict[str, Any]] = answer.json()["mails"]
    return mails


def settled(run: Run, scan_id: str) -> dict[MailKind, Mail]:
    """The scan's mails by kind, once all have been sent or seen to have failed."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends:
        mails = Outbox(run.services.database).of_scan(ScanKey(CONTOSO.tenant_id, scan_id))
        if mails and not any(mail.state in (MailState.PENDING, MailState.SENDING) for mail in mails):
            return {mail.kind: mail for mail in mails}
        time.sleep(0.05)
    raise AssertionError("a mail is still on its way")


def wait_until_empty(run: Run, *queues: str) -> None:
    ends = time.monotonic() + PATIENCE_SECONDS
    while any(run.services.queues.peek(queue) for queue in queues):
        assert time.monotonic() < ends
        time.sleep(0.05)


def test_a_scan_leaves_one_mail_to_each_although_its_finish_is_delivered_twice(run: Run) -> None:
    scan_id = scanned(run)
    assert {mail.state for mail in settled(run, scan_id).values()} == {MailState.SENT}
    body = ScanMessage(tenant_id=CONTOSO.tenant_id, scan_id=scan_id).encode()
    run.services.queues.send(SCAN_FINISHES.name, [OutgoingMessage(body, f"{scan_id}:again:{n}") for n in range(2)])
    wait_until_empty(run, SCAN_FINISHES.name, SEND_MAIL.name)
    mails = {mail["message"]["toRecipients"][0]["emailAddress"]["address"]: mail for mail in arrived(run)}
    assert len(arrived(run)) == len(mails) == 2
    assert {mail["sender"] for mail in mails.values()} == {run.services.settings.mail_sender}
    to_owner, to_reviewers = mails[OWNER]["message"], mails[REVIEWERS_MAILBOX]["message"]
    assert to_owner["subject"] == "Your Azure cost report is ready"
    assert f"{run.options.base_url}/scans/{scan_id}" in to_owner["body"]["content"]
    assert to_reviewers["subject"] == "A scan is ready for review"
    shown = requests.get(f"{run.options.tenant.url}/outbox", timeout=10).text
    assert shown.count("<article>") == 2


def test_a_throttled_mail_is_sent_later_and_once(run: Run) -> None:
    simulate(run, "faults", mail_429=2)
    mails = settled(run, scanned(run)).values()
    assert {mail.state for mail in mails} == {MailState.SENT}
    assert (sum(mail.attempt for mail in mails), len(arrived(run))) == (4, 2)


@pytest.mark.parametrize(
    ("fault", "state", "taken"), [("mail_denied", MailState.FAILED, 1), ("mail_drop", MailState.UNCERTAIN, 2)]
)
def test_a_mail_that_failed_or_may_have_been_sent_is_shown_so_and_not_repeated(
    run: Run, fault: str, state: MailState, taken: int
) -> None:
    simulate(run, "faults", **{fault: 1})
    mails = settled(run, scanned(run)).values()
    assert sorted(mail.state for mail in mails) == sorted([state, MailState.SENT])
    assert len(arrived(run)) == taken
