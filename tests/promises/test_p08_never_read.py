"""P08: never secrets, contents of stores, identities, role assignments, or Microsoft 365."""

import pytest

from collectors.base import Collector
from collectors.registry import COLLECTORS
from shared.arm.allow_list import check
from shared.arm.endpoints import ENDPOINTS, Paging
from shared.core.errors import CallNotAllowed, UnexpectedPayload
from tests.support.arm_replay import ARM, CONTEXT, SUBSCRIPTION, Reply, Tokens, Wire, client

GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers"
NEVER = (
    f"{GROUP}/Microsoft.KeyVault/vaults/v",
    f"{GROUP}/Microsoft.KeyVault/vaults/v/secrets",
    f"{GROUP}/Microsoft.KeyVault/vaults/v/secrets/s",
    f"{GROUP}/Microsoft.Storage/storageAccounts/s/listKeys",
    f"{GROUP}/Microsoft.Storage/storageAccounts/s/ListAccountSas",
    f"{GROUP}/Microsoft.Storage/storageAccounts/s/blobServices/default/containers",
    f"{GROUP}/Microsoft.DocumentDB/databaseAccounts/d/listConnectionStrings",
    f"{GROUP}/Microsoft.Web/sites/w/config/appsettings/list",
    f"{GROUP}/Microsoft.Web/sites/w/publishxml",
    f"{GROUP}/Microsoft.Sql/servers/s/databases/d",
    f"{GROUP}/Microsoft.ManagedIdentity/userAssignedIdentities/i",
    f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleAssignments",
    f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions",
    f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Insights/eventtypes/management/values",
    f"/subscriptions/{SUBSCRIPTION}/resources",
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups",
    f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.CostManagement/exports",
    f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.CostManagement/generateCostDetailsReport",
    f"/subscriptions/{SUBSCRIPTION}",
    "/tenants",
    "/providers/Microsoft.Billing/billingAccounts",
    "/providers/Microsoft.ResourceGraph/resourcesHistory",
    "/batch",
)
STRANGERS = (
    "https://graph.microsoft.com/v1.0/users",
    "https://v.vault.azure.net/secrets",
    "https://s.blob.core.windows.net/container",
    "https://s.table.core.windows.net/table",
    "https://d.documents.azure.com/dbs",
    "https://outlook.office365.com/api/v2.0/me/messages",
)


PAGED_BY_LINKS = [each for each in COLLECTORS if each.endpoint.paging is not Paging.SKIP_TOKEN_BODY]


@pytest.mark.parametrize("path", NEVER)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH"])
def test_what_we_promise_never_to_read_cannot_be_asked_for(path: str, method: str) -> None:
    for version in ("2022-12-01", "2025-03-01", "2024-04-01", "2023-01-01", "2024-08-01"):
        with pytest.raises(CallNotAllowed):
            check(ARM, method, f"{ARM}{path}?api-version={version}", SUBSCRIPTION)


@pytest.mark.parametrize("url", STRANGERS)
def test_no_other_service_can_be_reached(url: str) -> None:
    for method in ("GET", "POST"):
        with pytest.raises(CallNotAllowed):
            check(ARM, method, f"{url}?api-version=2022-12-01", SUBSCRIPTION)


@pytest.mark.parametrize("collector", PAGED_BY_LINKS, ids=lambda each: each.name)
def test_no_answer_can_lead_a_collector_there(collector: Collector) -> None:
    request, wire = collector.requests(CONTEXT)[0], Wire(Reply(204))
    for url in (*[ARM + path for path in NEVER], *STRANGERS):
        with pytest.raises(UnexpectedPayload):
            client(wire).send(request, Tokens(), f"{url}?api-version=2025-03-01&$skiptoken=x")
    assert wire.sent == []


def test_every_endpoint_is_of_the_services_that_the_page_names() -> None:
    providers = {
        endpoint.path.split("/providers/")[1].split("/")[0] for endpoint in ENDPOINTS if "/providers/" in endpoint.path
    }
    assert providers == {
        "Microsoft.CostManagement", "Microsoft.ResourceGraph", "Microsoft.Advisor", "Microsoft.Consumption",
        "Microsoft.Insights",
    }  # fmt: skip
