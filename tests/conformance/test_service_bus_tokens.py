"""What the sender does about tokens that Service Bus refuses, that end, or that cannot be had."""

from collections.abc import Iterator

import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import AzureError
from azure.servicebus import ServiceBusClient
from azure.servicebus.exceptions import ServiceBusAuthenticationError, ServiceBusError

from shared.messaging.service_bus import ServiceBusSender
from tests.conformance.sending import arrived, send, sender_to
from tests.peers.servicebus import Credential, ServiceBusPeer

pytestmark = [
    pytest.mark.usefixtures("hurried", "sockets_left_open"),
    # When the broker cuts the connection, the library leaves its socket to the garbage collector.
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
]


@pytest.fixture
def sender(peer: ServiceBusPeer) -> Iterator[ServiceBusSender]:
    made = sender_to(peer)
    yield made
    made.close()


@pytest.mark.parametrize(
    "refusal",
    [
        "InvalidIssuer: Token issuer is invalid.",
        "InvalidAudience: The authorization header contains a token for another resource.",
        "ExpiredToken: The token is expired. Expiration time: 11/23/2026 16:00:00.",
    ],
)
def test_a_refused_token_is_an_error_that_says_so_and_shows_no_token(
    peer: ServiceBusPeer, sender: ServiceBusSender, refusal: str
) -> None:
    peer.faults.tokens = refusal
    with pytest.raises(ServiceBusAuthenticationError, match=refusal.partition(":")[0]) as raised:
        send(sender, "one")
    assert "a token of a test" not in str(raised.value)
    assert arrived(peer) == []
    peer.faults.tokens = None
    send(sender, "one")
    assert arrived(peer) == ["one"]


def test_a_token_that_ends_between_two_sends_is_followed_by_a_new_one(
    peer: ServiceBusPeer, sender: ServiceBusSender
) -> None:
    send(sender, "one")
    peer.expire_tokens()
    send(sender, "two")
    assert arrived(peer) == ["one", "two"]
    assert len(peer.put_tokens) == 2


def test_a_token_that_expires_and_is_refused_again_is_an_error_until_one_is_accepted(
    peer: ServiceBusPeer, sender: ServiceBusSender
) -> None:
    send(sender, "one")
    peer.faults.tokens = "ExpiredToken: The token is expired."
    peer.expire_tokens()
    with pytest.raises(ServiceBusError):
        send(sender, "two")
    assert arrived(peer) == ["one"]
    peer.faults.tokens = None
    send(sender, "two")
    assert arrived(peer) == ["one", "two"]


def test_the_token_shown_is_of_the_managed_identity_for_this_queue(peer: ServiceBusPeer) -> None:
    credential = Credential()
    sender = ServiceBusSender(peer.host, lambda host: ServiceBusClient(host, credential, use_tls=False))
    send(sender, "one")
    sender.close()
    assert set(credential.scopes) == {"https://servicebus.azure.net//.default"}
    [shown] = peer.put_tokens
    assert (shown.audience, shown.kind) == (f"sb://{peer.host}/plain", "jwt")
    assert shown.expires_at is not None


class NoToken:
    """A managed identity whose endpoint does not answer."""

    def get_token(self, *_: str, **__: object) -> AccessToken:
        raise AzureError("ManagedIdentityCredential authentication unavailable")


def test_without_a_token_nothing_is_sent_and_the_error_says_why(peer: ServiceBusPeer) -> None:
    sender = ServiceBusSender(peer.host, lambda host: ServiceBusClient(host, NoToken(), use_tls=False))
    with pytest.raises(ServiceBusError, match="authentication unavailable"):
        send(sender, "one")
    sender.close()
    assert arrived(peer) == []
