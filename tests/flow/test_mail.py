"""The mails of a whole scan, as they arrive at the simulated Graph."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from local.run import Run
from local.tenant.people import CONTOSO
from shared.core.mail import Mail, MailState
from shared.core.messages import ScanMessage
from shared.queues import SCAN_FINISHES, SEND_MAIL, OutgoingMessage
from shared.sql.outbox import Outbox
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


def settled(run: Run, scan_id: str) -> Mail:
    """The scan's mail, once it has been sent or seen to have failed."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends:
        (mail,) = Outbox(run.services.database).of_scan(CONTOSO.tenant_id, scan_id)
        if mail.state not in (MailState.PENDING, MailState.SENDING):
            return mail
        time.sleep(0.05)
    raise AssertionError("the mail is still on its way")


def wait_until_empty(run: Run, *queues: str) -> None:
    ends = time.monotonic() + PATIENCE_SECONDS
    while any(run.services.queues.peek(queue) for queue in queues):
        assert time.monotonic() < ends
        time.sleep(0.05)


def test_a_scan_leaves_exactly_one_mail_although_its_finish_is_delivered_twice(run: Run) -> None:
    scan_id = scanned(run)
    assert settled(run, scan_id).state is MailState.SENT
    body = ScanMessage(tenant_id=CONTOSO.tenant_id, scan_id=scan_id).encode()
    run.services.queues.send(SCAN_FINISHES.name, [OutgoingMessage(body, f"{scan_id}:again:{n}") for n in range(2)])
    wait_until_empty(run, SCAN_FINISHES.name, SEND_MAIL.name)
    (mail,) = arrived(run)
    message = mail["message"]
    assert mail["sender"] == run.services.settings.mail_sender
    assert message["toRecipients"] == [{"emailAddress": {"address": OWNER}}]
    assert message["subject"] == "Your Azure cost review is ready to look at"
    assert f"{run.options.base_url}/scans/{scan_id}/report" in message["body"]["content"]
    shown = requests.get(f"{run.options.tenant.url}/outbox", timeout=10).text
    assert shown.count("<article>") == 1


def test_a_throttled_mail_goes_later_and_once(run: Run) -> None:
    simulate(run, "faults", mail_429=2)
    sent = settled(run, scanned(run))
    assert (sent.state, sent.attempt, len(arrived(run))) == (MailState.SENT, 3, 1)


@pytest.mark.parametrize(
    ("fault", "state", "taken"), [("mail_denied", MailState.FAILED, 0), ("mail_drop", MailState.UNCERTAIN, 1)]
)
def test_a_mail_that_failed_or_may_have_gone_is_seen_to_have_and_not_repeated(
    run: Run, fault: str, state: MailState, taken: int
) -> None:
    simulate(run, "faults", **{fault: 1})
    assert settled(run, scanned(run)).state is state
    assert len(arrived(run)) == taken
