"""How long to wait: the largest of all hints."""

from hypothesis import given
from hypothesis import strategies as st

from shared.arm.endpoints import QuotaClass
from shared.arm.throttle import MAX_WAIT, SHORTEST_WAIT, wait_seconds
from tests.support.arm_replay import NOW

COSTS = QuotaClass.COST_MANAGEMENT


def _wait(headers: dict[str, str], text: str = "", quota: QuotaClass = COSTS) -> float:
    return wait_seconds(quota, headers, text, NOW)


def test_the_largest_of_all_headers_counts() -> None:
    headers = {
        "Retry-After": "4",
        "x-ms-ratelimit-microsoft.costmanagement-qpu-retry-after": "12",
        "x-ms-ratelimit-microsoft.costmanagement-entity-retry-after": "53",
        "x-ms-ratelimit-microsoft.costmanagement-clienttype-retry-after": "1",
        "x-ms-ratelimit-microsoft.costmanagement-qpu-remaining": "QueriesPerHour:597",
    }
    assert _wait(headers) == 53


def test_a_longer_wait_in_the_text_counts_more_than_the_header() -> None:
    assert _wait({"retry-after": "17"}, "for time interval '00:05:00'. Please try again after '372' seconds.") == 372


def test_resource_graph_tells_the_wait_as_a_clock() -> None:
    assert _wait({"x-ms-user-quota-resets-after": "00:01:05"}, quota=QuotaClass.RESOURCE_GRAPH) == 65


def test_a_date_of_http_is_a_wait_from_now() -> None:
    assert _wait({"retry-after": "Mon, 23 Nov 2026 09:02:00 GMT"}) == 120


def test_milliseconds_are_read_as_such() -> None:
    assert _wait({"x-ms-retry-after-ms": "2500"}) == 2.5


def test_without_any_hint_the_usual_wait_is_taken() -> None:
    assert _wait({}, "The request is being throttled.") == 60
    assert _wait({}, quota=QuotaClass.ARM_READS) == 30
    assert _wait({"retry-after": "soon"}, quota=QuotaClass.RESOURCE_GRAPH) == 30


def test_a_wait_is_never_none_and_never_longer_than_an_hour() -> None:
    assert _wait({"retry-after": "0"}) == SHORTEST_WAIT
    assert _wait({"retry-after": "Mon, 23 Nov 2020 09:02:00 GMT"}) == SHORTEST_WAIT
    assert _wait({"retry-after": "999999"}) == MAX_WAIT


@given(
    st.dictionaries(st.sampled_from(["retry-after", "x-retry-after", "x-resets-after"]), st.text(max_size=40)),
    st.text(),
)
def test_any_hint_gives_a_wait_within_bounds(headers: dict[str, str], text: str) -> None:
    assert SHORTEST_WAIT <= _wait(headers, text) <= MAX_WAIT
