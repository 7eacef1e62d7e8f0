"""Answers of Azure that are not what they should be: read where that is safe, else failed and named."""

from collections.abc import Callable
from copy import deepcopy

from shared.arm.request import Json
from tests.faults.matrix.azure import Azure, Call, Spoil, arm_error, with_next
from tests.faults.matrix.entra import SECRET, json_reply
from tests.faults.matrix.fault import Fault, failed, never, only, partly
from tests.faults.matrix.front import Reply
from tests.faults.matrix.transport import always, once
from tests.faults.matrix.truth import LISTING

SHAPE = "Azure's answer has another form"
LINKS = "Azure's pages lead astray"
UNKNOWN = failed("unexpected format", alert="unexpected-payload")
ONE_ODD = partly("rows could not be read and", alert="rows-set-aside")
LISTS_UNKNOWN = dict.fromkeys(
    ("reservations", "savings_plans"), partly("lists were not read", alert="unexpected-payload")
)
ENDLESS = failed("none of their rows is counted", alert="unexpected-payload")
MEGABYTE = 1024 * 1024

ONLY_COSTS = only("costs", why="only cost rows have months")
ONLY_TABLES = only("costs", "inventory", why="its answers have members by name, no columns")
ONLY_GRAPH = only("inventory", why="only Resource Graph says so")
NO_TOKEN = {"inventory": never("Resource Graph gives a token, no address")}
SAYS_NONE = dict.fromkeys(
    ("costs", "reservations", "advisor", "savings_plans"), never("204 is taken for an empty list")
)
NOT_THE_LIST = {LISTING: never("an odd subscription of the list is a line of its own")}
READ_AGAIN = {LISTING: never("the list is read again for each message, from its beginning")}


def changed(change: Callable[[str, Json], Json]) -> Spoil:
    """Every page of what is hit, changed."""
    return lambda _, call, good: json_reply(change(call.subject, good))


def reversed_columns(subject: str, page: Json) -> Json:
    if subject == "inventory":
        return _as_table(page, reverse=True)
    properties = page["properties"]
    rows = [row[::-1] for row in properties["rows"]]
    return {**page, "properties": {**properties, "columns": properties["columns"][::-1], "rows": rows}}


def another_column(subject: str, page: Json) -> Json:
    if subject == "inventory":
        return {**page, "data": [{"new": SECRET, **record} for record in page["data"]]}
    if subject != "costs":
        return {**page, "value": [{"new": {"of": SECRET}, **item} for item in page["value"]]}
    properties = page["properties"]
    rows = [[SECRET, *row] for row in properties["rows"]]
    columns = [{"name": "New", "type": "String"}, *properties["columns"]]
    return {**page, "properties": {**properties, "columns": columns, "rows": rows}}


def without_a_column(subject: str, page: Json) -> Json:
    """Without what a row cannot do without."""
    if subject == "costs":
        properties = page["properties"]
        rows = [row[:-1] for row in properties["rows"]]
        return {**page, "properties": {**properties, "columns": properties["columns"][:-1], "rows": rows}}
    where, name = ("data", "name") if subject == "inventory" else ("value", NEEDED.get(subject, "properties"))
    return {**page, where: [{k: v for k, v in item.items() if k != name} for item in page[where]]}


NEEDED = {LISTING: "subscriptionId", "reservations": "kind"}
"""Of the others, it is the item's properties."""


def one_odd(subject: str, page: Json) -> Json:
    """The last row or item of each page, without what it cannot do without."""
    odd = deepcopy(page)
    if subject == "costs":
        odd["properties"]["rows"][-1][-1] = ""
        return odd
    where, name = ("data", "name") if subject == "inventory" else ("value", NEEDED.get(subject, "properties"))
    odd[where][-1:] = [{key: value for key, value in item.items() if key != name} for item in odd[where][-1:]]
    return odd


def _as_table(page: Json, *, reverse: bool) -> Json:
    """Resource Graph's other format."""
    names = sorted({name for record in page["data"] for name in record}, reverse=reverse)
    rows = [[record.get(name) for name in names] for record in page["data"]]
    return {**page, "data": {"columns": [{"name": name, "type": "string"} for name in names], "rows": rows}}


def other_month(_: str, page: Json) -> Json:
    properties = page["properties"]
    rows = [[row[0], "Jan 2026", *row[2:]] for row in properties["rows"]]
    return {**page, "properties": {**properties, "rows": rows}}


def padded(megabytes: int) -> Spoil:
    """A first page of this size; the rest of it is of no meaning."""

    def grown(_: Azure, call: Call, good: Json) -> Reply | None:
        return json_reply({**good, "padding": "x" * (megabytes * MEGABYTE)}) if call.page == 0 else None

    return grown


def following(link: Callable[[Azure, Call], str | None]) -> Spoil:
    """Every page, with another way on."""
    return lambda azure, call, good: json_reply(with_next(call.subject, good, link(azure, call)))


def elsewhere(host: str) -> Spoil:
    def corrupted(azure: Azure, call: Call, good: Json) -> Reply:
        link = azure.link(call, f"{SECRET}-skip-1").replace(azure.url, host)
        return json_reply(with_next(call.subject, good, link))

    return corrupted


def slow_circle(azure: Azure, call: Call, good: Json) -> Reply:
    """A circle of two pages, with a long wait before each: no worker ever sees two of them."""
    if call.times % 2 == 0:
        return arm_error(429, "TooManyRequests", "Wait.", Retry_After="53")
    return json_reply(with_next(call.subject, good, azure.link(call, f"{SECRET}-skip-{1 - call.page}")))


def cut_off(_: Azure, call: Call, good: Json) -> Reply | None:
    """Resource Graph says that there is more, and gives no token for it."""
    return json_reply({**with_next(call.subject, good, None), "resultTruncated": "true"})


def nothing(_: Azure, __: Json) -> Reply:
    return Reply(204)


def strange(_: Azure, __: Json) -> Reply:
    return json_reply({"result": {"items": []}})


def unknown_error(_: Azure, __: Json) -> Reply:
    return arm_error(200, "SomethingNew", "It is not known.")


def by_token(token: Callable[[Call], str]) -> Spoil:
    """Every page, with a link of this skip token."""
    return following(lambda azure, call: azure.link(call, token(call)))


START = f"{SECRET}-skip-0"
FAULTS = (
    Fault(SHAPE, "columns in another order", spoil=changed(reversed_columns), but=ONLY_TABLES),
    Fault(SHAPE, "new columns or members", spoil=changed(another_column)),
    Fault(SHAPE, "a needed column or member is missing", UNKNOWN, spoil=changed(without_a_column)),
    Fault(SHAPE, "a month in a form never seen", UNKNOWN, spoil=changed(other_month), but=ONLY_COSTS),
    Fault(SHAPE, "one row or item that cannot be read", ONE_ODD, NOT_THE_LIST, spoil=changed(one_odd)),
    Fault(SHAPE, "JSON of another form", UNKNOWN, LISTS_UNKNOWN, spoil=always(strange)),
    Fault(SHAPE, "200 with the body of an unknown error", UNKNOWN, LISTS_UNKNOWN, spoil=always(unknown_error)),
    Fault(SHAPE, "204 where no empty answer is documented", UNKNOWN, spoil=once(nothing), but=SAYS_NONE),
    Fault(SHAPE, "resultTruncated without a token", UNKNOWN, spoil=cut_off, but=ONLY_GRAPH),
    Fault(SHAPE, "a page of 16 MB", spoil=padded(16)),
    Fault(SHAPE, "a page of 21 MB, more than Azure ever sends", UNKNOWN, spoil=padded(21)),
    Fault(LINKS, "the next page is this page", ENDLESS, spoil=by_token(lambda call: call.cursor or START)),
    Fault(LINKS, "round in a circle", ENDLESS, spoil=by_token(lambda call: f"{SECRET}-skip-{1 - call.page}")),
    Fault(LINKS, "round in a circle, a long wait before each page", ENDLESS, spoil=slow_circle, but=READ_AGAIN),
    Fault(
        LINKS,
        "one page for ever, by ever longer links",
        ENDLESS,
        spoil=by_token(lambda call: f"{call.cursor or START}x"),
    ),
    Fault(
        LINKS,
        "a link to another host",
        UNKNOWN,
        spoil=elsewhere("http://127.0.0.2:1"),
        but={**LISTS_UNKNOWN, **NO_TOKEN},
    ),
    Fault(
        LINKS,
        "a link to another scheme",
        UNKNOWN,
        spoil=elsewhere("ftp://127.0.0.1"),
        but={**LISTS_UNKNOWN, **NO_TOKEN},
    ),
)
