import pytest

from shared.identity.tenants import PERSONAL_ACCOUNTS, TenantNotFound, named_tenant
from tests.support.entra_double import TENANT


@pytest.mark.parametrize("text", [None, "", "   "])
def test_no_name_means_none(text: str | None) -> None:
    assert named_tenant(text) is None


@pytest.mark.parametrize(
    ("text", "tenant"),
    [
        (TENANT.upper(), TENANT),
        (f" {TENANT}\n", TENANT),
        ("Contoso.Example", "contoso.example"),
        ("contoso.onmicrosoft.com", "contoso.onmicrosoft.com"),
        ("a-1.xn--fiqs8s", "a-1.xn--fiqs8s"),
    ],
)
def test_an_id_or_a_domain_is_taken_in_lower_case(text: str, tenant: str) -> None:
    assert named_tenant(text) == tenant


@pytest.mark.parametrize(
    "text",
    [
        "common",
        "consumers",
        "organizations",
        PERSONAL_ACCOUNTS,
        "contoso",
        "me@contoso.example",
        "contoso.example/..",
        "contoso.example?x=1",
        "contoso.example#",
        "https://contoso.example",
        "127.0.0.1",
        "contoso.example:8080",
        "-contoso.example",
        "contoso-.example",
        "contoso..example",
        "contoso.example.",
        "<script>.example",
        "cont oso.example",
        "contöso.example",
        f"{'a' * 64}.example",
        ".".join(["abc"] * 70),
        "22222222222222222222222222222222",
    ],
)
def test_what_is_no_tenant_is_refused(text: str) -> None:
    with pytest.raises(TenantNotFound):
        named_tenant(text)
