"""/permissions for people, /permissions.json for programs: one says what the other says, both what the code does."""

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from collectors.inventory import QUERY
from shared.arm.allow_list import check
from shared.arm.endpoints import ENDPOINTS
from shared.arm.kql.query import rejection_reason
from shared.arm.metric_catalogue import METRICS
from shared.core import periods
from shared.core.checks import checks
from shared.core.inventory_properties import PROPERTIES
from shared.identity.sessions import SESSION_HOURS
from tests.architecture.bicep_snapshot import deployed
from tests.support.arm_replay import ARM, SUBSCRIPTION
from tests.support.browsing import Visit
from web.privacy.permissions import permissions, permissions_json, permissions_schema
from web.privacy.permissions_document import PermissionsDocument

NOT_SHOWN = {"$schema", "version", "documentation", "address", "calls", "name"}
"""Members that the page shows as something else than their text: links, anchors, and names that only join."""


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    made = Visit(Path(tmp_path_factory.mktemp("page")))
    yield made
    made.close()


@pytest.fixture(scope="module")
def written(visit: Visit) -> str:
    """The page as it is sent."""
    return visit.ask(permissions).body.decode()


@pytest.fixture(scope="module")
def page(written: str) -> str:
    """The page's text, without tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", written.replace("</dt>", "</dt> "))).split())


@pytest.fixture(scope="module")
def stated(visit: Visit) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(visit.ask(permissions_json).body)
    return found


def texts(value: object, member: str = "") -> Iterator[str]:
    """Every text of the document, but for those that the page shows in another way."""
    if isinstance(value, dict):
        for name, each in value.items():
            if name not in NOT_SHOWN or (name == "calls" and member == ""):
                yield from texts(each, name)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each, member)
    elif isinstance(value, str):
        yield value


def test_whatever_the_document_says_is_on_the_page(stated: dict[str, Any], page: str) -> None:
    said = list(texts(stated))
    assert len(said) > 300
    assert [text for text in said if text.lower() not in page.lower()] == []


def test_the_figures_are_the_codes_and_on_the_page(stated: dict[str, Any], page: str) -> None:
    assert stated["periods"] == {
        "cost_months": periods.COST_MONTHS,
        "retention_months": periods.RETENTION_MONTHS,
        "notice_days": periods.RETENTION_NOTICE_DAYS,
        "backup_days": periods.BACKUP_RETENTION_DAYS,
        "audit_months": periods.AUDIT_MONTHS,
        "review_window_hours": periods.REVIEW_WINDOW_HOURS,
        "session_hours": SESSION_HOURS,
    }
    assert all(
        re.search(rf"\b{figure}[ -](?:complete|months|days|hours?)", page) for figure in stated["periods"].values()
    )


def test_the_allow_list_is_what_the_document_lists_call_by_call(stated: dict[str, Any]) -> None:
    listed = [(call["name"], call["method"], call["path"], call["api_version"]) for call in stated["calls"]]
    assert listed == [(one.name, one.method, one.path, one.api_version) for one in ENDPOINTS]
    for call, endpoint in zip(stated["calls"], ENDPOINTS, strict=True):
        url = f"{ARM}{call['path'].format(subscription_id=SUBSCRIPTION)}?api-version={call['api_version']}"
        assert check(ARM, call["method"], url, SUBSCRIPTION) is endpoint


def test_and_the_page_has_a_row_for_each_of_them_and_no_other(stated: dict[str, Any], written: str) -> None:
    table = written.split('<table class="calls')[1].split("</table>", maxsplit=1)[0]
    rows = re.findall(
        r'<span class="tag">(\w+)</span> <code>([^<]+)</code> <span[^>]*>api-version ([\d-]+)</span>', table
    )
    assert rows == [(call["method"], call["path"], call["api_version"]) for call in stated["calls"]]
    assert table.count("<tr>") == len(rows) + 1
    for call in stated["calls"]:
        assert f'href="{call["documentation"]}"' in table


def test_each_dataset_is_read_by_calls_of_the_list(stated: dict[str, Any]) -> None:
    named = {name for reading in stated["reads"] for name in reading["calls"]}
    assert named | {"list_subscriptions"} == {call["name"] for call in stated["calls"]}
    when = {call["name"]: call["when"] for call in stated["calls"]}
    assert all(when[name] == reading["when"] for reading in stated["reads"] for name in reading["calls"])


def test_what_the_document_lists_of_resource_graph_can_be_asked_and_the_scan_asks_no_more(
    stated: dict[str, Any],
) -> None:
    resources = next(table for table in stated["tables"] if table["name"] == "resources")
    assert {each["rows"]: each["expressions"] for each in resources["properties"]} == {
        kind: list(leaves.values()) for kind, leaves in PROPERTIES.items()
    }
    assert rejection_reason(QUERY) is None
    for column in ("identity", "properties", "managedBy", "systemData", "plan"):
        assert column not in resources["columns"]
        assert rejection_reason(f"resources | project {column}") is not None


def test_each_property_of_a_resource_names_the_checks_that_use_it(stated: dict[str, Any], page: str) -> None:
    resources = next(table for table in stated["tables"] if table["name"] == "resources")
    titles = {check.title for check in checks()}
    for kind in resources["properties"]:
        assert [use["expression"] for use in kind["uses"]] == kind["expressions"]
        for use in kind["uses"]:
            assert use["checks"], (kind["rows"], use["expression"])
            assert set(use["checks"]) <= titles
            assert f"{use['expression']} for: {'; '.join(use['checks'])}" in page


def test_the_metrics_are_those_that_can_be_fetched(stated: dict[str, Any]) -> None:
    assert {each["resource_type"]: each["names"] for each in stated["metrics"]} == {
        kind: [one.name for one in listed] for kind, listed in METRICS.items()
    }


def test_two_readers_roles_are_enough_for_every_call_as_the_page_says(stated: dict[str, Any], page: str) -> None:
    assert {call["role"] for call in stated["calls"]} == {"Reader", "Cost Management Reader"}
    assert "sign in as a user who holds only Reader and Cost Management Reader" in page


def test_the_link_to_pre_approve_is_the_pages_own(stated: dict[str, Any], visit: Visit, written: str) -> None:
    assert stated["pre_approval"]["address"] == f"{visit.parts.settings.base_url}/consent/admin"
    assert 'href="/consent/admin"' in written


def test_the_name_is_the_one_that_the_registration_is_given(stated: dict[str, Any]) -> None:
    registered = [one.properties["displayName"] for one in deployed("Microsoft.Graph/applications")]
    assert stated["app"]["name"] in registered


def test_it_needs_no_session_sets_no_cookie_and_may_be_kept(visit: Visit) -> None:
    for handler in (permissions_json, permissions_schema):
        visitor, signed_in = visit.ask(handler), visit.visit(handler)
        assert (visitor.status, visitor.body) == (200, signed_in.body)
        assert visitor.cookies == ()
        assert visitor.content_type == "application/json; charset=utf-8"
        assert visitor.headers["Cache-Control"] == "public, max-age=3600"


def test_its_schema_has_words_for_every_member_and_it_keeps_to_it(visit: Visit, stated: dict[str, Any]) -> None:
    schema = json.loads(visit.ask(permissions_schema).body)
    assert stated.pop("$schema") == f"{visit.parts.settings.base_url}/permissions.schema.json"
    assert set(schema["properties"]) == set(stated)
    assert PermissionsDocument.model_validate(stated).model_dump(mode="json") == stated
    assert all(part.get("description") for part in schema["$defs"].values())
