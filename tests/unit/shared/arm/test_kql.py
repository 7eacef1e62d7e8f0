import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.inventory import QUERY, SIMPLIFIED_QUERY
from shared.arm.kql import MAX_CHARACTERS, TABLES, complaint_about

ALLOWED = (
    QUERY,
    SIMPLIFIED_QUERY,
    "resources | project id",
    "Resources\n| where type =~ 'microsoft.compute/disks' // disks\n| project id, properties.diskState, tags['cost']",
    "resources | summarize count() by type, location | order by count_ desc",
    "resourcecontainers | where type endswith 'subscriptions' | count",
    "advisorresources | where properties.category == 'Cost' | project id, properties.impact",
    "resources | join kind=inner (resourcecontainers | project subscriptionId, s = name) on subscriptionId | project s",
    "resources | project id | union (resourcecontainers | project id), (advisorresources | distinct id)",
    "resources | where properties.array[0].x > 1 and (kind == 'a' or kind == 'b') | top 5 by name asc | project name",
)
REFUSED = (
    "",
    "resources",
    "resources | take 5",
    "authorizationresources | project id",
    "policyresources | project id",
    "resourcechanges | project id",
    "resources | project id | union authorizationresources",
    "resources | project id | union resourcecontainers",
    "resources | join (securityresources | project id) on id | project id",
    "resources | where id in (authorizationresources | project id) | project id",
    "resources | where id in ((resources | project id)) | project id",
    "resources | project properties",
    "resources | project tostring(properties)",
    "resources | project x = properties['custom' + 'Data']",
    "resources | project x = properties[strcat('custom', 'Data')]",
    "resources | project properties.osProfile",
    "resources | project properties.OSPROFILE.customData",
    "resources | project properties['siteConfig']",
    "resources | extend i = identity | project i",
    "resources | project ['identity']",
    "resources | project *",
    "resources | project bag_keys(tags)",
    "resources | evaluate bag_unpack(tags) | project id",
    "resources | where type == 'microsoft.keyvault/vaults/secrets' | project id",
    "resources | where type startswith 'Microsoft.Authorization' | project id",
    "let t = authorizationresources; t | project id",
    "resources | project id; authorizationresources",
    "cluster('x').database('y').resources | project id",
    "externaldata(x:string)['https://evil.example'] | project x",
    "resources | project id | invoke f()",
    "resources | project 'open",
    "resources | project (id",
    "resources | project id)",
    "resources project id",
    "resources | project `id`",
    "resources | project id " + " " * MAX_CHARACTERS,
)


@pytest.mark.parametrize("query", ALLOWED)
def test_what_a_reviewer_may_ask_is_allowed(query: str) -> None:
    assert complaint_about(query) is None


@pytest.mark.parametrize("query", REFUSED)
def test_what_is_never_read_is_refused_in_a_sentence(query: str) -> None:
    complaint = complaint_about(query)
    assert complaint is not None
    assert complaint.endswith(".")


def test_a_comment_or_a_text_hides_nothing_and_is_no_table() -> None:
    assert (
        complaint_about("resources // authorizationresources\n| where name == 'policyresources' | project id") is None
    )
    assert complaint_about("// resources\nauthorizationresources | project id") is not None


@given(st.text(max_size=200))
def test_any_text_is_answered_without_an_exception(query: str) -> None:
    assert complaint_about(query) is None or complaint_about(query)


@given(
    st.sampled_from(["authorization", "security", "policy", "health", "kubernetes"]),
    st.sampled_from(ALLOWED),
)
def test_no_other_table_passes_wherever_it_stands(kind: str, query: str) -> None:
    for table in TABLES:
        if table in query.lower():
            other = query.lower().replace(table, f"{kind}resources")
            assert complaint_about(other) is not None
