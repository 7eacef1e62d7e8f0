from datetime import UTC, date, datetime, timedelta

from shared.core.periods import add_months
from tests.architecture.tree import ROOT
from tests.support.browsing import Visit
from web.privacy.security import PROMISES, REVIEWED_ON, expires_on, security_page, security_txt
from web.rendering.pages import CONTACT


def fields(visit: Visit) -> dict[str, str]:
    text = visit.ask(security_txt).body.decode("ascii")
    assert text.endswith("\n")
    pairs = [line.split(": ", maxsplit=1) for line in text.splitlines()]
    assert len({name for name, _ in pairs}) == len(pairs)
    return dict(pairs)


def test_it_is_plain_text_that_anyone_can_read(visit: Visit) -> None:
    response = visit.ask(security_txt)
    assert (response.status, response.content_type) == (200, "text/plain; charset=utf-8")


def test_it_has_the_fields_of_rfc_9116(visit: Visit) -> None:
    base_url = visit.parts.settings.base_url
    assert fields(visit) == {
        "Contact": f"mailto:{CONTACT}",
        "Expires": f"{expires_on():%Y-%m-%d}T00:00:00Z",
        "Preferred-Languages": "en",
        "Canonical": f"{base_url}/.well-known/security.txt",
        "Policy": f"{base_url}/security",
    }


def test_it_expires_in_less_than_a_year_as_the_rfc_recommends() -> None:
    assert REVIEWED_ON < expires_on() < add_months(REVIEWED_ON, 12)


def test_it_is_reviewed_a_month_before_it_expires() -> None:
    """When this fails: check the contact and the policy, then set REVIEWED_ON to that day."""
    today = datetime.now(UTC).date()
    assert today <= expires_on() - timedelta(days=30), f"security.txt expires on {expires_on()}"


def test_its_review_is_not_in_the_future() -> None:
    assert date(2026, 1, 1) < REVIEWED_ON <= datetime.now(UTC).date()


def test_the_policy_is_a_page_with_the_contact_and_every_promise(visit: Visit) -> None:
    response = visit.ask(security_page)
    page = response.body.decode()
    assert response.status == 200
    assert f"mailto:{CONTACT}" in page
    assert [promise for promise in PROMISES if promise not in page] == []


def test_the_repositorys_policy_promises_the_same() -> None:
    policy = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    section = policy.partition("## What we promise\n")[2].partition("\n## ")[0]
    assert [line.removeprefix("- ") for line in section.splitlines() if line] == list(PROMISES)
