from collections.abc import Callable
from typing import Any

from simulator.options import Options
from simulator.people import CONTOSO, FABRIKAM
from tests.unit.simulator.visitor import Visitor, payload

URL = "/subscriptions?api-version=2022-12-01"


def listed(visitor: Visitor, username: str, tenant: str = "organizations") -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = payload(visitor.get(URL, visitor.bearer(username, tenant)))["value"]
    return items


def test_an_entry_looks_as_recorded(visitor: Visitor, recording: Callable[[str], dict[str, Any]]) -> None:
    recorded = recording("subscriptions-tenants/subscription-tags.json")["response"]["body"]
    entry = listed(visitor, "owner@contoso.example")[0]
    assert set(entry) == set(recorded)
    assert set(entry["subscriptionPolicies"]) == set(recorded["subscriptionPolicies"])


def test_the_list_holds_one_that_is_delegated_by_another_tenant() -> None:
    entries = listed(Visitor(Options(size="small")), "owner@contoso.example")
    assert [entry["tenantId"] for entry in entries] == [CONTOSO.tenant_id] * 4 + [FABRIKAM.tenant_id]
    assert entries[-1]["managedByTenants"] == [{"tenantId": CONTOSO.tenant_id}]


def test_names_may_be_empty_and_tags_missing() -> None:
    entries = listed(Visitor(Options(size="small")), "owner@contoso.example")
    assert "" in [entry["displayName"] for entry in entries]
    assert any("tags" not in entry for entry in entries)


def test_a_newcomer_gets_an_empty_list(visitor: Visitor) -> None:
    response = visitor.get(URL, visitor.bearer("newcomer@contoso.example"))
    assert (response.status, payload(response)["value"]) == (200, [])


def test_a_guest_sees_what_the_tenant_of_the_token_shows(visitor: Visitor) -> None:
    guest = "guest@fabrikam.example"
    assert listed(visitor, guest) == []
    assert len(listed(visitor, guest, CONTOSO.tenant_id)) == 1


def test_pages_join_to_the_whole() -> None:
    visitor = Visitor(Options(size="large"))
    headers, url, found = visitor.bearer(), URL, []
    while url:
        page = payload(visitor.get(url, headers))
        found += [entry["subscriptionId"] for entry in page["value"]]
        url = page.get("nextLink", "")
    assert found == [item.subscription_id for item in visitor.world.estate.all_subscriptions]
    assert page["count"] == {"type": "Total", "value": 51}


def test_a_made_up_skip_token_is_refused(visitor: Visitor) -> None:
    assert visitor.get(f"{URL}&$skiptoken=x", visitor.bearer()).status == 404
