"""Where a user's notifications go: the sign-in name until the user has confirmed an address."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from shared.core.mail import MailKind
from shared.core.models import ScanStatus
from shared.core.periods import MAIL_CONFIRMATION_HOURS
from shared.identity.flows import FLOWS_TABLE
from shared.identity.id_token import Identity
from shared.identity.mail_confirmations import MAIL_ADDRESS
from shared.identity.session_records import new_secret
from shared.mail.graph import MailDelayed, MailRefused, MailUncertain
from shared.mail.scan_mails import mails_at_scan_end
from shared.sql.scans.scans import Scans
from shared.sql.schema.tables import MAIL_RECIPIENT, connections
from tests.support.entra_double import TENANT, USER
from tests.support.signing_in import SigningIn
from web.customer.mail_address import mail_address_confirm, mail_address_enter, mail_address_link
from web.customer.scans import scan_list
from web.http.access import SESSION_COOKIE
from web.http.return_paths import CUSTOMER_PAGES
from web.privacy.data_rights import data_delete

CONFIRMED = "costs@contoso.example"
SESSION_COOKIE_NAME = f"__Host-{SESSION_COOKIE}"
OWNER = Identity(TENANT, USER, "owner@contoso.example")


@pytest.fixture
def site_with_mail(site: SigningIn) -> SigningIn:
    site.parts.settings = replace(site.parts.settings, mail_sender="noreply@caleta.example")
    site.sign_in()
    return site


def enter(site: SigningIn, address: str) -> int:
    return site.post(mail_address_enter, {"address": address}).status


def code_of(site: SigningIn) -> str:
    """The code in the link of the last email."""
    return site.mailbox.sent[-1][1].link.rpartition("/mail-address/")[2]


def confirm(site: SigningIn, address: str) -> int:
    """Enter an address, open the link of the email, and press the button."""
    assert enter(site, address) == 200
    code = code_of(site)
    page = site.get(mail_address_link, code=code)
    assert f'action="/mail-address/{code}"' in page.body.decode()
    return site.post(mail_address_confirm, code=code).status


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


def test_an_address_gets_no_mail_but_the_link_until_it_is_confirmed(site_with_mail: SigningIn) -> None:
    connection = site_with_mail.connection
    assert connection is not None
    assert enter(site_with_mail, CONFIRMED) == 200
    site_with_mail.get(mail_address_link, code=code_of(site_with_mail))
    assert recipients(site_with_mail) == [connection.username] * 2
    assert [recipient for recipient, _ in site_with_mail.mailbox.sent] == [CONFIRMED]


def test_a_link_works_once(site_with_mail: SigningIn) -> None:
    confirm(site_with_mail, CONFIRMED)
    assert site_with_mail.post(mail_address_confirm, code=code_of(site_with_mail)).status == 404


def test_a_link_works_for_a_day(site_with_mail: SigningIn) -> None:
    enter(site_with_mail, CONFIRMED)
    code = code_of(site_with_mail)
    site_with_mail.clock.sleep(MAIL_CONFIRMATION_HOURS * 3600)
    site_with_mail.cookies = {SESSION_COOKIE_NAME: site_with_mail.parts.sessions.create(OWNER)}
    assert site_with_mail.post(mail_address_confirm, code=code).status == 404
    assert site_with_mail.connection is not None
    assert site_with_mail.connection.mail_address is None


def test_the_next_link_replaces_the_one_before(site_with_mail: SigningIn) -> None:
    enter(site_with_mail, "mistyped@contoso.example")
    mistyped = code_of(site_with_mail)
    enter(site_with_mail, CONFIRMED)
    assert site_with_mail.post(mail_address_confirm, code=mistyped).status == 404
    assert site_with_mail.post(mail_address_confirm, code=code_of(site_with_mail)).status == 303
    assert recipients(site_with_mail) == [CONFIRMED] * 2


def test_a_link_is_of_no_use_to_another_user(site_with_mail: SigningIn) -> None:
    enter(site_with_mail, CONFIRMED)
    code = code_of(site_with_mail)
    site_with_mail.cookies.clear()
    assert site_with_mail.post(mail_address_confirm, code=code).status == 401
    site_with_mail.sign_in(oid="55555555-5555-4555-8555-555555555555", preferred_username="other@contoso.example")
    assert site_with_mail.post(mail_address_confirm, code=code).status == 404


def test_a_signed_out_user_signs_in_and_is_back_at_the_link() -> None:
    path = f"/mail-address/{new_secret()}"
    assert CUSTOMER_PAGES.checked(path) == path
    assert CUSTOMER_PAGES.checked(f"{path}x") == "/scans"


@pytest.mark.parametrize("refusal", [MailDelayed("429"), MailRefused("400 ErrorInvalidRecipients")])
def test_an_email_that_was_not_sent_is_said_and_leaves_nothing(site_with_mail: SigningIn, refusal: Exception) -> None:
    site_with_mail.mailbox.refusal = refusal
    page = site_with_mail.post(mail_address_enter, {"address": CONFIRMED})
    assert (page.status, page.headers["Retry-After"]) == (503, "300")
    assert list(site_with_mail.tables.list(FLOWS_TABLE, MAIL_ADDRESS)) == []


def test_an_email_that_may_have_been_sent_keeps_its_link(site_with_mail: SigningIn) -> None:
    site_with_mail.mailbox.refusal = MailUncertain("ReadTimeout")
    assert enter(site_with_mail, CONFIRMED) == 200
    assert len(list(site_with_mail.tables.list(FLOWS_TABLE, MAIL_ADDRESS))) == 1


def test_the_waiting_address_is_stored_encrypted_and_deleted_with_everything(site_with_mail: SigningIn) -> None:
    enter(site_with_mail, CONFIRMED)
    (record,) = site_with_mail.tables.list(FLOWS_TABLE, MAIL_ADDRESS)
    assert CONFIRMED not in repr(record)
    assert code_of(site_with_mail) not in repr(record)
    site_with_mail.post(data_delete, {"what": "everything"})
    assert list(site_with_mail.tables.list(FLOWS_TABLE, MAIL_ADDRESS)) == []


def test_the_mail_names_no_user_and_no_customer(site_with_mail: SigningIn) -> None:
    connection = site_with_mail.connection
    assert connection is not None
    enter(site_with_mail, CONFIRMED)
    text = site_with_mail.mailbox.sent[-1][1].html
    assert [each for each in (connection.username, TENANT, USER) if each in text] == []


def test_a_mailbox_gets_a_few_links_a_day_from_all_users_together(site_with_mail: SigningIn) -> None:
    assert [enter(site_with_mail, CONFIRMED) for _ in range(4)] == [200] * 3 + [429]
    assert enter(site_with_mail, "other@contoso.example") == 200
    assert enter(site_with_mail, CONFIRMED.upper()) == 429


def test_the_page_is_prefilled_and_asks_until_the_address_is_confirmed(site_with_mail: SigningIn) -> None:
    connection = site_with_mail.connection
    assert connection is not None
    asked = site_with_mail.get(scan_list).body.decode()
    assert f'value="{connection.username}"' in asked
    assert "your sign-in name may not be a mailbox" in asked
    confirm(site_with_mail, CONFIRMED)
    kept = site_with_mail.get(scan_list).body.decode()
    assert f'value="{CONFIRMED}"' in kept
    assert "To change the address" in kept


@pytest.mark.parametrize("address", ["", "nobody", "a@b", "a b@contoso.example", "x" * 260 + "@contoso.example"])
def test_what_is_no_address_is_refused_and_changes_nothing(site_with_mail: SigningIn, address: str) -> None:
    assert enter(site_with_mail, address) == 400
    assert site_with_mail.mailbox.sent == []
    assert site_with_mail.connection is not None
    assert site_with_mail.connection.mail_address is None


def test_a_user_gets_a_few_links_a_day(site_with_mail: SigningIn) -> None:
    addresses = [f"costs{number}@contoso.example" for number in range(6)]
    assert [enter(site_with_mail, address) for address in addresses] == [200] * 5 + [429]
    assert len(site_with_mail.mailbox.sent) == 5


def test_without_a_session_or_from_another_site_nothing_is_sent(site_with_mail: SigningIn) -> None:
    foreign = site_with_mail.post(mail_address_enter, {"address": CONFIRMED}, {"origin": "https://evil.example"})
    enter(site_with_mail, CONFIRMED)
    code = code_of(site_with_mail)
    assert site_with_mail.post(mail_address_confirm, None, {"origin": "https://evil.example"}, code=code).status == 403
    site_with_mail.cookies.clear()
    assert (foreign.status, enter(site_with_mail, CONFIRMED)) == (403, 401)
    assert site_with_mail.get(mail_address_link, code=code).status == 401
    assert len(site_with_mail.mailbox.sent) == 1
    assert site_with_mail.connection is not None
    assert site_with_mail.connection.mail_address is None


def test_without_a_mail_service_no_address_is_asked_for(site: SigningIn) -> None:
    site.parts.settings = replace(site.parts.settings, mail_sender="")
    site.sign_in()
    assert Scans(site.parts.database).latest(TENANT, USER) is not None
    assert "confirmation link" not in site.get(scan_list).body.decode()
    assert enter(site, CONFIRMED) == 404
