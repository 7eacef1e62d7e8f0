import pytest

from simulator.configuration import NEUTRAL
from simulator.exchange import Json
from tests.unit.simulator.visitor import Visitor, payload

URL = "/v1.0/users/noreply@northwind.example/sendMail"
MESSAGE = {
    "subject": "Your review <is> ready",
    "body": {"contentType": "Text", "content": "Hello & welcome"},
    "toRecipients": [{"emailAddress": {"address": "owner@contoso.example"}}],
}


@pytest.fixture
def headers(visitor: Visitor) -> dict[str, str]:
    answer = visitor.post_form(
        "/northwind.example/oauth2/v2.0/token",
        grant_type="client_credentials",
        client_id=NEUTRAL.mail.client_id,
        client_secret=NEUTRAL.mail.client_secret,
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
    "body",
    [
        {},
        {"message": {**MESSAGE, "toRecipients": []}},
        {"message": {**MESSAGE, "toRecipients": [{"emailAddress": {"address": "nobody"}}]}},
        {"message": {**MESSAGE, "body": {"contentType": "Markdown", "content": "x"}}},
        {"message": {"subject": "x"}},
        {"message": None},
    ],
)
def test_an_incomplete_mail_is_refused(visitor: Visitor, headers: dict[str, str], body: Json) -> None:
    assert visitor.post(URL, body, headers).status == 400
    assert "No mail" in visitor.send("GET", "/outbox").body.decode()


def test_the_identity_may_send_from_its_one_mailbox_only(visitor: Visitor, headers: dict[str, str]) -> None:
    response = visitor.post("/v1.0/users/boss@northwind.example/sendMail", {"message": MESSAGE}, headers)
    assert (response.status, payload(response)["error"]["code"]) == (403, "ErrorAccessDenied")
    assert "No mail" in visitor.send("GET", "/outbox").body.decode()


def test_a_mail_in_html_is_shown_in_a_frame_without_rights(visitor: Visitor, headers: dict[str, str]) -> None:
    body = {"contentType": "HTML", "content": "<p>Hello<script>alert(1)</script></p>"}
    assert visitor.post(URL, {"message": {**MESSAGE, "body": body}}, headers).status == 202
    page = visitor.send("GET", "/outbox").body.decode()
    assert "<script>" not in page
    assert "&lt;p&gt;Hello" in page
    assert "allow-scripts" not in page


@pytest.mark.parametrize(("fault", "status"), [("mail_429", 429), ("mail_503", 503), ("mail_denied", 403)])
def test_a_mail_that_was_refused_is_not_in_the_outbox(
    visitor: Visitor, headers: dict[str, str], fault: str, status: int
) -> None:
    visitor.world.faults.set(fault, 1)
    response = visitor.post(URL, {"message": MESSAGE}, headers)
    assert (response.status, response.header("Retry-After")) == (status, "10" if status == 429 else None)
    assert payload(visitor.send("GET", "/_simulation/mails"))["mails"] == []
    assert visitor.post(URL, {"message": MESSAGE}, headers).status == 202
