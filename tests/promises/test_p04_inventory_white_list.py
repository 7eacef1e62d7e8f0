"""P04: of resources, only what the permissions page lists; secrets never, even where customers put them."""

import json
import re

import pytest

from collectors import inventory
from collectors.registry import COLLECTORS, collector
from shared.arm.allow_list import check_scope
from shared.arm.endpoints import QUERY_RESOURCES
from shared.arm.request import ArmPage, ArmRequest, Json
from shared.core.errors import CallNotAllowed
from shared.core.inventory_properties import PROPERTIES
from shared.core.redaction import REDACTED
from tests.conformance.collector_samples import SAMPLES
from tests.support.arm_replay import CONTEXT, SUBSCRIPTION, Reply, Tokens, Wire, client
from tests.support.kql_queries import ALLOWED, REFUSED

SECRETS = {
    "token": "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJl",
    "sas": "https://x.blob.core.windows.net/c?sv=2022&sig=abcDEF123%2Fghi&se=2027",
    "connection": "DefaultEndpointsProtocol=https;AccountKey=Zm9vYmFyYmF6;EndpointSuffix=core.windows.net",
    "sql": "Server=tcp:x;User ID=sa;Password=hunter2-and-more;",
    "pem": "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----",
    "adminPassword": "correct-horse-battery",
}
HIDDEN = ("eyJhbGci", "abcDEF123", "Zm9vYmFyYmF6", "hunter2", "MIIEvQIBADANBg", "correct-horse")
NEVER_NAMED = re.compile(
    r"(?i)identity|principal|adminuser|password|secret|credential|connectionstring|customdata|userdata"
    r"|(?<!ddos)(?<!redundancy)settings\b|parameters|definition|script|env\b|systemdata|createdby|sshkey|computername|ipaddress\b|fqdn|hostname"
)


def test_the_query_projects_named_columns_and_listed_leaves_only() -> None:
    projected = inventory.QUERY.split("| project")[2].split("selected =")[0]
    columns = {part.split("=")[0].strip() for part in projected.split(",") if part.strip()}
    assert columns == {"id", "name", "type", "kind", "location", "resourceGroup", "sku", "tags"}
    assert "identity" not in inventory.QUERY
    assert not re.search(r"\bproperties\b(?!\.)", inventory.QUERY), "the whole properties bag would be read"
    assert "*" not in inventory.QUERY


@pytest.mark.parametrize("query", ALLOWED)
def test_a_reviewers_query_of_what_is_listed_is_sent(query: str) -> None:
    check_scope({"subscriptions": [SUBSCRIPTION], "query": query}, [SUBSCRIPTION])


@pytest.mark.parametrize("query", REFUSED)
def test_a_query_of_anything_else_is_refused_where_requests_leave(query: str) -> None:
    wire = Wire(Reply(body={}))
    body: dict[str, Json] = {"subscriptions": [SUBSCRIPTION], "query": query}
    with pytest.raises(CallNotAllowed):
        client(wire).send(ArmRequest(QUERY_RESOURCES, body=body, subscription_ids=(SUBSCRIPTION,)), Tokens())
    assert wire.sent == []


def test_no_listed_leaf_is_of_a_kind_that_holds_secrets_or_people() -> None:
    for kind, leaves in PROPERTIES.items():
        for name, expression in leaves.items():
            assert not NEVER_NAMED.search(expression), f"{kind}: {name}"


def test_no_listed_leaf_is_of_a_type_whose_contents_are_never_read() -> None:
    assert not [kind for kind in PROPERTIES if re.search(r"keyvault|managedidentity|authorization|deployments", kind)]


def _page(**resource: Json) -> Json:
    disk = {
        "id": f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute/disks/d",
        "name": "d",
        "type": "microsoft.compute/disks",
        **resource,
    }
    return {"count": 1, "data": [disk], "resultTruncated": "false"}


def test_what_is_not_listed_is_not_stored_whatever_azure_answers() -> None:
    selected = {"diskState": "Unattached", "identity": {"principalId": "x"}, "adminUsername": "root", "extra": "y"}
    payload = _page(
        selected=selected, properties={"a": "bag"}, identity={"principalId": "x"}, systemData={"createdBy": "p"}
    )
    (row,) = inventory.rows(CONTEXT, payload, False)
    assert row[inventory.COLUMNS.index("properties_json")] == '{"diskState":"Unattached"}'
    assert not any(word in json.dumps(row) for word in ("principalId", "root", "bag", "createdBy", "extra"))


def test_a_type_that_is_not_listed_stores_no_property_at_all() -> None:
    payload = _page(type="microsoft.keyvault/vaults", selected={"vaultUri": "https://x", "diskState": "y"})
    (row,) = inventory.rows(CONTEXT, payload, False)
    assert row[inventory.COLUMNS.index("properties_json")] is None


@pytest.mark.parametrize("place", ["tags", "sku", "selected"])
def test_secrets_in_free_text_are_scrubbed_from_rows_and_from_the_stored_page(place: str) -> None:
    names = list(PROPERTIES["microsoft.compute/disks"]) if place == "selected" else list(SECRETS)
    hidden = dict(zip(names, SECRETS.values(), strict=False))
    hidden["password"] = "correct-horse-battery"
    payload = _page(**{place: hidden})
    page = inventory.storable(ArmPage(200, json.dumps(payload).encode(), payload, None))
    for kept in (
        json.dumps(list(inventory.rows(CONTEXT, payload, False))),
        page.body.decode(),
        json.dumps(page.payload),
    ):
        assert not any(secret in kept for secret in HIDDEN if place != "selected" or secret != "correct-horse")
        assert REDACTED in kept


def test_advisors_texts_are_scrubbed_too() -> None:
    advisor = collector("advisor")
    sample = json.loads(json.dumps(SAMPLES["advisor"]))
    sample["value"][0]["properties"]["extendedProperties"] = SECRETS
    page = advisor.storable(ArmPage(200, json.dumps(sample).encode(), sample, None))
    kept = json.dumps(list(advisor.rows(CONTEXT, sample, True)), default=str) + page.body.decode()
    assert not any(secret in kept for secret in HIDDEN)


def test_every_collector_of_customers_free_text_says_what_may_be_stored() -> None:
    """Costs, reservations and savings plans carry names and numbers of Azure's own."""
    hidden = {"value": [{"tags": SECRETS}]}
    page = ArmPage(200, json.dumps(hidden).encode(), hidden, None)
    scrubbing = {each.name for each in COLLECTORS if each.storable(page).body != page.body}
    assert scrubbing == {"inventory", "advisor"}
