"""What Azure's headers say of its quotas, in the words that were recorded."""

import pytest

from shared.arm.endpoints import QuotaClass
from shared.arm.quota_headers import is_about_scope_alone, pause_seconds, units_consumed, units_left
from tests.support.arm_replay import NOW

RECORDED = {
    "x-ms-ratelimit-microsoft.costmanagement-qpu-consumed": "2",
    "x-ms-ratelimit-microsoft.costmanagement-qpu-remaining": "QueriesPerHour:597,QueriesPerMin:57,QueriesPer10Sec:9",
    "x-ms-ratelimit-remaining-microsoft.costmanagement-entity-requests": "DefaultQuota:7",
}
HINT = "x-ms-ratelimit-microsoft.costmanagement-{}-retry-after"


def test_units_are_read_as_azure_writes_them() -> None:
    assert units_consumed(RECORDED) == 2
    assert units_left(RECORDED) == {"QueriesPerHour": 597, "QueriesPerMin": 57, "QueriesPer10Sec": 9}


@pytest.mark.parametrize("written", ["", "many", "-1", "1.5", "QueriesPerHour", "QueriesPerHour:,QueriesPerMin:x"])
def test_what_cannot_be_read_says_nothing(written: str) -> None:
    headers = dict.fromkeys(RECORDED, written)
    assert units_consumed(headers) is None
    assert units_left(headers) == {}
    assert units_consumed({}) is None


def test_only_the_subscriptions_own_hint_is_about_it_alone() -> None:
    assert is_about_scope_alone({HINT.format("entity"): "53"}, NOW)
    assert not is_about_scope_alone({HINT.format("entity"): "53", HINT.format("qpu"): "7"}, NOW)
    assert not is_about_scope_alone({HINT.format("entity"): "53", "Retry-After": "7"}, NOW)
    assert not is_about_scope_alone({}, NOW)


@pytest.mark.parametrize(("left", "seconds"), [("14", 0), ("4", 0), ("3", 65), ("0", 65), ("", 0), ("few", 0)])
def test_resource_graph_is_left_alone_while_few_queries_are_left(left: str, seconds: float) -> None:
    headers = {"x-ms-user-quota-remaining": left, "x-ms-user-quota-resets-after": "00:01:05"}
    assert pause_seconds(QuotaClass.RESOURCE_GRAPH, headers, NOW) == seconds


def test_a_quota_that_does_not_say_when_it_resets_is_left_alone_for_its_window() -> None:
    assert pause_seconds(QuotaClass.RESOURCE_GRAPH, {"x-ms-user-quota-remaining": "0"}, NOW) == 5


@pytest.mark.parametrize("bucket", ["subscription", "tenant"])
def test_resource_managers_buckets_are_left_to_fill(bucket: str) -> None:
    header = f"x-ms-ratelimit-remaining-{bucket}-reads"
    assert pause_seconds(QuotaClass.ARM_READS, {header: "10"}, NOW) == 1
    assert pause_seconds(QuotaClass.ARM_READS, {header: "11997"}, NOW) == 0
