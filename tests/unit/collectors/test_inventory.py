"""Inventory: what Resource Graph shows, all of it or a refusal, and of properties only the listed ones."""

import json
from typing import Any

import pytest

from collectors.base import StepContext
from collectors.inventory import COLLECTOR, COLUMNS, QUERY
from shared.arm.request import ArmPage, Json
from shared.core.errors import PermissionMissing, UnexpectedPayload
from tests.support.arm_replay import CONTEXT, OTHER_SUBSCRIPTION, PERIOD, SUBSCRIPTION

OWN_RECORD = {"id": f"/subscriptions/{SUBSCRIPTION}", "name": "Production", "type": "microsoft.resources/subscriptions"}
DISK: dict[str, Json] = {
    "id": f"/subscriptions/{SUBSCRIPTION}/resourceGroups/RG-Web/providers/Microsoft.Compute/disks/Disk-1",
    "name": "Disk-1",
    "type": "microsoft.compute/disks",
    "kind": "",
    "location": "uksouth",
    "resourceGroup": "RG-Web",
    "sku": {"name": "Premium_LRS", "tier": "Premium"},
    "tags": {"env": "prod"},
    "selected": {"diskState": "Unattached", "managedBy": "", "diskSizeGB": 128, "tier": None},
}


def _payload(*records: dict[str, Json], **changed: Json) -> Json:
    answer = {"totalRecords": len(records), "count": len(records), "data": list(records), "facets": []}
    return {**answer, "resultTruncated": "false", **changed}


def _read(payload: Json, is_first_page: bool = False) -> list[dict[str, Any]]:
    return [dict(zip(COLUMNS, row, strict=True)) for row in COLLECTOR.rows(CONTEXT, payload, is_first_page)]


def test_a_resource_becomes_a_row() -> None:
    (row,) = _read(_payload(OWN_RECORD, DISK), is_first_page=True)
    assert row == {
        "sub_account_id": SUBSCRIPTION,
        "resource_id": DISK["id"].lower(),
        "resource_name": "Disk-1",
        "resource_type": "microsoft.compute/disks",
        "resource_group": "rg-web",
        "region_id": "uksouth",
        "kind": None,
        "sku_json": '{"name":"Premium_LRS","tier":"Premium"}',
        "tags_json": '{"env":"prod"}',
        "properties_json": '{"diskState":"Unattached","diskSizeGB":128}',
    }


def test_a_table_is_read_like_a_list_of_objects() -> None:
    names = list(DISK)
    table = {"columns": [{"name": name, "type": "object"} for name in names], "rows": [list(DISK.values())]}
    assert _read(_payload(data=table, count=1)) == _read(_payload(DISK))


def test_without_the_subscriptions_own_record_nothing_is_concluded() -> None:
    for records in ((), (DISK,)):
        with pytest.raises(PermissionMissing) as caught:
            _read(_payload(*records), is_first_page=True)
        assert (caught.value.role, caught.value.scope) == ("Reader", f"/subscriptions/{SUBSCRIPTION}")


def test_an_empty_subscription_that_can_be_read_has_no_rows() -> None:
    assert _read(_payload(OWN_RECORD), is_first_page=True) == []


def test_later_pages_need_no_record_of_the_subscription() -> None:
    assert len(_read(_payload(DISK))) == 1


@pytest.mark.parametrize("said", ["true", "True", True])
def test_a_truncated_answer_without_a_token_is_refused(said: Json) -> None:
    with pytest.raises(UnexpectedPayload, match="truncated its response"):
        _read(_payload(DISK, resultTruncated=said))


def test_a_truncated_answer_with_a_token_is_a_page() -> None:
    assert len(_read(_payload(DISK, resultTruncated="true", **{"$skipToken": "x"}))) == 1


@pytest.mark.parametrize(
    "payload",
    [
        None, [], {}, {"data": None, "count": 0}, _payload(DISK, count=2), _payload(DISK, count=None),
        _payload(data="x"), _payload(data=[1], count=1), _payload({**DISK, "id": None}), _payload({**DISK, "name": 3}),
        _payload({**DISK, "type": None}), _payload(data={"columns": [{"name": "id"}], "rows": [["a", "b"]]}, count=1),
        _payload(data={"columns": ["id"], "rows": [["a"]]}, count=1),
        _payload(data={"columns": [], "rows": [7]}, count=1),
        _payload(DISK, facets=[{"expression": "x", "errors": [{"code": "y"}]}]),
    ],
)  # fmt: skip
def test_an_unknown_shape_is_refused(payload: Json) -> None:
    with pytest.raises(UnexpectedPayload):
        _read(payload)


@pytest.mark.parametrize(
    "stranger", [f"/subscriptions/{OTHER_SUBSCRIPTION}/x", "/providers/a/b", f"/subscriptions/{SUBSCRIPTION}0/x"]
)
def test_a_resource_of_another_subscription_is_refused(stranger: str) -> None:
    with pytest.raises(UnexpectedPayload, match="another subscription"):
        _read(_payload({**DISK, "id": stranger}))


def test_the_query_is_sorted_scoped_and_never_limited() -> None:
    (request,) = COLLECTOR.requests(CONTEXT)
    assert request.body is not None
    assert request.body["subscriptions"] == [SUBSCRIPTION]
    assert request.body["options"] == {"resultFormat": "objectArray", "$top": 1000}
    assert QUERY.endswith("| order by id asc")
    assert not any(word in QUERY.split() for word in ("limit", "take", "top", "sample"))


def test_the_simplified_query_asks_for_no_properties_and_in_smaller_pages() -> None:
    (request,) = COLLECTOR.requests(StepContext(SUBSCRIPTION, PERIOD, simplified=True))
    assert request.body is not None
    assert request.body["options"]["$top"] == 100
    assert "properties" not in request.body["query"]
    assert request.body["query"].splitlines()[:3] == QUERY.splitlines()[:3]


def test_a_stored_page_without_secrets_keeps_its_very_bytes() -> None:
    body = json.dumps(_payload(DISK), indent=3).encode()
    page = ArmPage(200, body, _payload(DISK), None)
    assert COLLECTOR.storable(page) is page
