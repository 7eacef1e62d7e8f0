"""P14: transactional mail is sent only by our own Microsoft 365 tenant, by Microsoft Graph."""

import ast
import re
from dataclasses import replace

import pytest

from shared.core.errors import ConfigurationError
from shared.core.settings import read_settings
from shared.identity.entra import CUSTOMERS
from shared.wiring import Services
from tests.architecture.tree import ROOT, shipped
from tests.support.entra_double import settings
from tests.support.key_vault_double import TOKEN, Identity
from tests.unit.shared.core.test_settings import AZURE

MAIL_LIBRARIES = {"smtplib", "imaplib", "poplib", "aiosmtplib", "sendgrid", "mailjet", "boto3", "msgraph"}
MAIL_PACKAGES = re.compile(r"(?i)^(sendgrid|azure-communication|msgraph|boto|mailgun|mailjet|postmark|aiosmtp|yagmail)")


def test_no_other_way_of_sending_mail_is_in_the_tree() -> None:
    used = [
        f"{module.name}: {name}"
        for module in shipped()
        for name in module.imports
        if name.split(".")[0] in MAIL_LIBRARIES or name.startswith("azure.communication")
    ]
    assert used == []
    required = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in required if MAIL_PACKAGES.match(line)] == []


def test_one_module_alone_asks_graph_to_send() -> None:
    askers = [
        module.name
        for module in shipped()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith("/sendMail")
    ]
    assert askers == ["shared.mail.graph"]


@pytest.mark.parametrize(
    "endpoint", ["https://mail.example", "https://graph.microsoft.com.evil.example", "http://graph.microsoft.com"]
)
def test_a_deployed_app_sends_to_no_host_but_microsoft_graph(endpoint: str) -> None:
    with pytest.raises(ConfigurationError, match="GRAPH_ENDPOINT"):
        read_settings({**AZURE, "GRAPH_ENDPOINT": endpoint})


def test_the_token_for_it_is_our_own_identitys_and_its_mailbox_our_own() -> None:
    services, identity = Services(replace(settings(), mail_sender="reviews@caleta.example")), Identity()
    services.own_identity = identity
    assert services.mail._url == "https://graph.microsoft.com/v1.0/users/reviews@caleta.example/sendMail"
    assert services.mail._token() == TOKEN
    assert identity.scopes == ["https://graph.microsoft.com/.default"]


def test_customers_are_never_asked_for_a_permission_of_graph() -> None:
    assert not any("graph" in scope.lower() or "mail" in scope.lower() for scope in CUSTOMERS.scopes)
