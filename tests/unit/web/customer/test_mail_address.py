"""Where a user's notifications go: the sign-in name until the user has confirmed an address."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from shared.core.mail import MailKind
from shared.core.models import ScanStatus
from shared.mail.scan_mails import mails_at_scan_end
from shared.sql.scans.scans import Scans
from shared.sql.schema.tables import MAIL_RECIPIENT, connections
from tests.support.entra_double import TENANT, USER
from tests.support.signing_in import SigningIn
from web.customer.mail_address import mail_address_confirm
from web.customer.scans import scan_list

CONFIRMED = "costs@contoso.example"


@pytest.fixture
def site_with_mail(site: SigningIn) -> SigningIn:
    site.parts.settings = replace(site.parts.settings, mail_sender="noreply@caleta.example")
    site.sign_in()
    return site


def confirm(site: SigningIn, address: str) -> int:
    return site.post(mail_address_confirm, {"address": address}).status


def recipients(site: SigningIn) -> list[str]:
    """Which address the mail of a scan's end is sent to, and where SQL finds it."""
    assert site.connection is not None
    mails = mails_at_scan_end(
        site.parts.settings, site.connection.mail_recipient, ScanStatus.COLLECTED, needs_sign_in=False
    )
    with site.parts.database.reading(TENANT) as connection:
        stored = connection.execute(select(MAIL_RECIPIENT).select_from(connections)).scalar()
    return [*(mail.recipient for mail in mails if mail.kind is MailKind.REPORT_READY), str(stored)]


def test_before_a_confirmation_mails_go_to_the_sign_in_name(site_with_mail: SigningIn) -> None:
    connection = site_with_mail.connection
    assert connection is not None
    assert recipients(site_with_mail) == [connection.username] * 2


def test_a_confirmed_address_gets_every_mail_from_then_on(site_with_mail: SigningIn) -> None:
    assert confirm(site_with_mail, f"  {CONFIRMED} ") == 303
    assert recipients(site_with_mail) == [CONFIRMED] * 2


def test_a_new_sign_in_keeps_the_confirmed_address(site_with_mail: SigningIn) -> None:
    confirm(site_with_mail, CONFIRMED)
    site_with_mail.sign_in()
    assert recipients(site_with_mail) == [CONFIRMED] * 2


def test_the_page_is_prefilled_and_asks_until_the_address_is_confirmed(site_with_mail: SigningIn) -> None:
    connection = site_with_mail.connection
    assert connection is not None
    asked = site_with_mail.get(scan_list).body.decode()
    assert f'value="{connection.username}"' in asked
    assert "Confirm address" in asked
    confirm(site_with_mail, CONFIRMED)
    kept = site_with_mail.get(scan_list).body.decode()
    assert f'value="{CONFIRMED}"' in kept
    assert "Change address" in kept


@pytest.mark.parametrize("address", ["", "nobody", "a@b", "a b@contoso.example", "x" * 260 + "@contoso.example"])
def test_what_is_no_address_is_refused_and_changes_nothing(site_with_mail: SigningIn, address: str) -> None:
    assert confirm(site_with_mail, address) == 400
    assert site_with_mail.connection is not None
    assert site_with_mail.connection.mail_address is None


def test_an_address_is_confirmed_a_few_times_a_day(site_with_mail: SigningIn) -> None:
    assert [confirm(site_with_mail, CONFIRMED) for _ in range(6)] == [303] * 5 + [429]


def test_without_a_session_or_from_another_site_nothing_is_stored(site_with_mail: SigningIn) -> None:
    foreign = site_with_mail.post(mail_address_confirm, {"address": CONFIRMED}, {"origin": "https://evil.example"})
    site_with_mail.cookies.clear()
    assert (foreign.status, confirm(site_with_mail, CONFIRMED)) == (403, 401)
    assert site_with_mail.connection is not None
    assert site_with_mail.connection.mail_address is None


def test_without_a_mail_service_no_address_is_asked_for(site: SigningIn) -> None:
    site.parts.settings = replace(site.parts.settings, mail_sender="")
    site.sign_in()
    assert Scans(site.parts.database).latest(TENANT, USER) is not None
    assert "Confirm address" not in site.get(scan_list).body.decode()
