"""The matrix's Azure: tells the truth page by page, but for what a fault makes of it."""

import base64
import json
import re
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from shared.arm.endpoints import ENDPOINTS
from shared.arm.request import Json
from tests.faults.matrix.entra import SECRET, STEP_UP, Entra, json_reply
from tests.faults.matrix.front import Asked, Reply
from tests.faults.matrix.truth import LISTING, PAGES, SUBJECTS
from tests.support.clock import FakeClock
from tests.support.collecting import FIRST

MONTH_WITH_COSTS = "2026-01"
_SUBSCRIPTION = re.compile(r"/subscriptions/([0-9a-f-]{36})")
_SKIP = re.compile(rf"{SECRET}-skip-(\d+)")


@dataclass(frozen=True)
class Call:
    """One call of Resource Manager: what it reads, of which subscription, which page.

    `times` is how often this page was asked for before. `request` tells apart the requests
    of one collector, `cursor` is the skip token as it came. `has_rows` is False for a part of the
    period in which there are no costs.
    """

    subject: str
    subscription: str | None
    request: str
    cursor: str
    page: int
    times: int
    bearer: str
    target: str
    has_rows: bool


Spoil = Callable[["Azure", Call, Json], Reply | None]
"""What a fault makes of an answer that would have been this payload; None leaves it as it is."""


def arm_error(status: int, code: str, message: str = "", **headers: str) -> Reply:
    """A refusal in Resource Manager's usual envelope. Its text names a user, as Azure's do."""
    return json_reply({"error": {"code": code, "message": f"{message} ({SECRET}@contoso.example)"}}, status, **headers)


def _holds_the_month(query: Json) -> bool:
    """Whether the only month with costs is asked for; other calls ask for no months."""
    period = query.get("timePeriod")
    return period is None or period["from"][:7] <= MONTH_WITH_COSTS <= period["to"][:7]


def with_next(subject: str, payload: Json, following: str | None) -> Json:
    """The same page with another way on: a link, or the skip token where it is one."""
    if subject == "costs":
        return {**payload, "properties": {**payload["properties"], "nextLink": following}}
    return {**payload, ("$skipToken" if subject == "inventory" else "nextLink"): following}


class Azure:
    """One tenant behind one server. Only what `target` reads of the first subscription is ever corrupted."""

    def __init__(self, url: str, clock: FakeClock, target: str, spoil: Spoil | None) -> None:
        self.url = url
        self.clock = clock
        self.target = target
        self.spoil = spoil
        self.entra = Entra(url)
        self.expired: set[str] = set()
        self.demands_step_up = False
        self.struck = 0
        self.too_early = 0
        self._not_before: datetime | None = None
        self._asked: Counter[tuple[str, str | None, str, str]] = Counter()
        self._lock = threading.RLock()

    def answer(self, asked: Asked) -> Reply:
        if "/oauth2/v2.0/" in asked.target or ".well-known" in asked.target:
            return self.entra.answer(asked)
        call = self._call(asked)
        refused = self.refused(call.bearer)
        if refused is not None:
            return refused
        good = self._page(call)
        is_hit = self.spoil is not None and call.subject == self.target and call.subscription in (None, FIRST)
        corrupted = self._corrupted(call, good) if is_hit else None
        return corrupted or json_reply(good)

    def turn(self, spoil: Spoil | None) -> None:
        """From now on answers are corrupted so."""
        self.spoil = spoil
        self.struck = 0
        self._asked.clear()

    def wait_at_least(self, seconds: float) -> None:
        """From now on the target must not be asked for that long."""
        self._not_before = self.clock.now() + timedelta(seconds=seconds)

    def link(self, call: Call, skip: str) -> str:
        """The link, or for Resource Graph the token, that leads on from a call."""
        if call.subject == "inventory":
            return skip
        path, _, query = call.target.partition("?")
        kept = [part for part in query.split("&") if "skiptoken" not in part.lower()]
        return f"{self.url}{path}?{'&'.join([*kept, f'$skiptoken={skip}'])}"

    def _corrupted(self, call: Call, good: Json) -> Reply | None:
        assert self.spoil is not None
        if self._not_before is not None and self.clock.now() < self._not_before:
            self.too_early += 1
        self._not_before = None
        corrupted = self.spoil(self, call, good)
        self.struck += corrupted is not None
        return corrupted

    def _call(self, asked: Asked) -> Call:
        parts = urlsplit(asked.target)
        body = json.loads(asked.body) if asked.body else {}
        query = {name.lower(): values[0] for name, values in parse_qs(parts.query).items()}
        found = _SUBSCRIPTION.search(parts.path.lower())
        subscription = found.group(1) if found else next(iter(body.get("subscriptions", ())), None)
        cursor = query.get("$skiptoken") or body.get("options", {}).get("$skipToken") or ""
        page = int(match.group(1)) if (match := _SKIP.search(cursor)) else 0
        (endpoint,) = (e for e in ENDPOINTS if e.method == asked.method and e.path_pattern().fullmatch(parts.path))
        asked_for = query.get("$filter") or body.get("timePeriod", {}).get("from", "")
        key = (SUBJECTS[endpoint.name], subscription, asked_for, cursor)
        with self._lock:
            times = self._asked[key]
            self._asked[key] += 1
        bearer = asked.headers["authorization"].removeprefix("Bearer ")
        has_rows = _holds_the_month(body)
        return Call(*key, page=page, times=times, bearer=bearer, target=asked.target, has_rows=has_rows)

    def refused(self, bearer: str) -> Reply | None:
        """What a token that does not count any more is answered."""
        if bearer in self.expired:
            return arm_error(401, "ExpiredAuthenticationToken", "The access token expiry UTC time is past.")
        if self.demands_step_up and bearer not in self.entra.stepped_up:
            claims = base64.b64encode(json.dumps(STEP_UP).encode()).decode()
            challenge = f'Bearer realm="", error="insufficient_claims", claims="{claims}"'
            return arm_error(401, "InvalidAuthenticationToken", WWW_Authenticate=challenge)
        return None

    def _page(self, call: Call) -> Json:
        pages = PAGES[call.subject](call.subscription or "")
        if not call.has_rows:
            return {"properties": {**pages[0]["properties"], "rows": []}}
        if call.subject not in (self.target, LISTING) or call.page + 1 == len(pages):
            return pages[call.page]  # One page is enough of what nothing happens to.
        following = self.link(call, f"{SECRET}-skip-{call.page + 1}")
        return with_next(call.subject, pages[call.page], following)
