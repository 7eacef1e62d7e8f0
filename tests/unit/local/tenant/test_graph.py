import pytest

from local.tenant.exchange import Json
from local.tenant.registration import MAIL_CLIENT_ID, MAIL_CLIENT_SECRET
from tests.unit.local.tenant.visitor import Visitor, payload

URL = "/v1.0/users/reports@caleta.example/sendMail"
MESSAGE = {
    "subject": "Your review <is> ready",
    "body": {"contentType": "Text", "content": "Hello & welcome"},
    "toRecipients": [{"emailAddress": {"address": "owner@contoso.example"}}],
}


@pytest.fixture
def headers(visitor: Visitor) -> dict[str, str]:
    answer = visitor.post_form(
        "/caleta.example/oauth2/v2.0/token",
        grant_type="client_credentials",
        client_id=MAIL_CLIENT_ID,
        client_secret=MAIL_CLIENT_SECRET,
        scope="https://graph.microsoft.com/.default",
    )
    return {"Authorization": f"Bearer {payload(answer)['access_token']}"}


def test_a_mail_is_accepted_and_shown_in_the_outbox(visitor: Visitor, headers: dict[str, str]) -> None:
    response = visitor.post(URL, {"message": MESSAGE, "saveToSentItems": False}, headers)
    assert (response.status, response.body) == (202, b"")
    page = visitor.send("GET", "/outbox").body.decode()
    assert "Your review &lt;is&gt; ready" in page
    assert "Hello &amp; welcome" in page
    assert "owner@contoso.example" in page


def test_a_customers_token_sends_no_mail(visitor: Visitor) -> None:
    assert visitor.post(URL, {"message": MESSAGE}, visitor.bearer()).status == 401
    assert visitor.post(URL, {"message": MESSAGE}, {}).status == 401


@pytest.mark.parametrize(
    "body", [{}, {"message": {**MESSAGE, "toRecipients": []}}, {"message": {"subject": "x"}}, {"message": None}]
)
def test_an_incomplete_mail_is_refused(visitor: Visitor, headers: dict[str, str], body: Json) -> None:
    assert visitor.post(URL, body, headers).status == 400
    assert "No mail" in visitor.send("GET", "/outbox").body.decode()
