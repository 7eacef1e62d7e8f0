"""P09: stored in UK South: every resource of bicep/, with no copy outside of it, backups included."""

import pytest

from tests.architecture.bicep_snapshot import Resource, deployed, the_one, words
from tests.support.browsing import Visit
from web.privacy.permissions import permissions
from web.privacy.permissions_text import DATA_REGION

WITHOUT_REGION = {
    "Microsoft.Network/privateDnsZones": "a name, no data",
    "Microsoft.Network/privateDnsZones/virtualNetworkLinks": "likewise",
    "Microsoft.Insights/actionGroups": "whom to wake",
    "Microsoft.Insights/metricAlerts": "a rule; what it reads stays where it is",
}
"""May be `global`, and why."""

GEO_REPLICATED = ("_GRS", "_RAGRS", "_GZRS", "_RAGZRS", "Geo", "GeoZone")


@pytest.mark.parametrize("one", [one for one in deployed() if "location" in one.config], ids=str)
def test_a_resource_is_in_uk_south(one: Resource) -> None:
    allowed = ("global",) if one.type in WITHOUT_REGION else ("uksouth",)
    assert one.config["location"] in allowed


def test_every_kind_of_resource_that_has_a_region_says_it() -> None:
    """What has none hangs on a resource that has, is a right, a rule, a log route or an object of Entra's."""
    silent = {one.type for one in deployed() if "location" not in one.config}
    own = {kind for kind in silent if kind.count("/") == 1}
    assert own == {
        "Microsoft.Authorization/roleAssignments",
        "Microsoft.Insights/diagnosticSettings",
        "Microsoft.Graph/applications",
        "Microsoft.Graph/servicePrincipals",
    }


@pytest.mark.parametrize("one", deployed(), ids=str)
def test_nothing_is_replicated_to_another_region(one: Resource) -> None:
    texts = list(words(one.config))
    assert [text for text in texts if text in GEO_REPLICATED or text.endswith(GEO_REPLICATED[:4])] == []
    assert [text for text in texts if text in ("failoverGroups", "secondaryLocation", "geoRedundantBackup")] == []


def test_there_is_no_replica_failover_group_pairing_or_long_term_backup() -> None:
    kinds = {one.type for one in deployed()}
    assert {kind for kind in kinds if "failover" in kind.lower() or "disasterRecovery" in kind} == set()
    assert {kind for kind in kinds if "backupLongTermRetention" in kind or "georeplication" in kind.lower()} == set()
    assert "createMode" not in set(words(the_one("Microsoft.Sql/servers/databases").config)), "no secondary database"


def test_backups_of_the_database_stay_in_the_region() -> None:
    assert the_one("Microsoft.Sql/servers/databases").properties["requestedBackupStorageRedundancy"] in (
        "Zone",
        "Local",
    )


def test_files_and_tables_have_their_copies_in_the_region() -> None:
    account = the_one("Microsoft.Storage/storageAccounts")
    assert account.config["sku"] == {"name": "Standard_ZRS"}
    assert account.properties["allowCrossTenantReplication"] is False


def test_logs_are_not_replicated() -> None:
    assert the_one("Microsoft.OperationalInsights/workspaces").properties["replication"] == {"enabled": False}


def test_the_permissions_page_says_so(visit_of_a_customer: Visit) -> None:
    assert DATA_REGION.replace(" ", "").lower() == "uksouth"
    page = visit_of_a_customer.ask(permissions).body.decode()
    assert f"Azure SQL Database in the {DATA_REGION} region" in page
