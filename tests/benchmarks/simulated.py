"""The app against simulated tenants in simulated time: nothing is slept, nothing leaves the process.

Real are the runner, the queue, the ARM client, the pacing and its table; and of Azure its quotas.
"""

from __future__ import annotations

import heapq
import io
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from itertools import count
from pathlib import Path
from urllib.parse import unquote, urlsplit

import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

from collectors.base import Collector
from collectors.registry import all_queues, collector
from collectors.scan.run import collect
from local.queue import LocalQueue
from local.tables import LocalTableStore
from shared.arm.client import ArmClient
from shared.core.models import Scan, ScanKey, Step, Subscription
from shared.core.settings import read_settings
from shared.identity.broker import TokenBroker, UserTokens
from shared.sql.scans.scans import Scans
from shared.sql.scans.steps import Steps
from shared.wiring import Services
from simulator.estate.estate import Estate
from simulator.exchange import Request
from simulator.options import Options
from simulator.routes import answer
from tests.support.clock import START, FakeClock
from tests.support.collecting import PERIOD, USER, settings_for
from tests.support.consented import consented_scan
from tests.support.databases import empty_database
from tests.unit.simulator.visitor import FakeTime, Visitor

COSTS = collector("costs")
AMORTIZED = collector("amortized_costs")
QUEUE = "collect-costs"
QUEUES = {QUEUE: COSTS, "collect-amortized-costs": AMORTIZED}
CONSUMED = "x-ms-ratelimit-microsoft.costmanagement-qpu-consumed"
TRAVEL_SECONDS = 0.2
"""Of a query to Azure, and of its answer back."""


class Time(FakeClock):
    """Moves when a user waits; what was to happen meanwhile happens on the way."""

    def __init__(self) -> None:
        super().__init__()
        self._numbers = count()
        self._to_come: list[tuple[float, int, Callable[[], None]]] = []

    @property
    def passed(self) -> float:
        return (self.moment - START).total_seconds()

    def at(self, seconds: float, action: Callable[[], None]) -> None:
        """Does it so many seconds after the start."""
        heapq.heappush(self._to_come, (seconds, next(self._numbers), action))

    def sleep(self, seconds: float) -> None:
        until = self.passed + max(0.0, seconds)
        while self._to_come and self._to_come[0][0] <= until:
            at, _, action = heapq.heappop(self._to_come)
            self.moment = max(self.moment, START + timedelta(seconds=at))
            action()
        self.moment = max(self.moment, START + timedelta(seconds=until))


class Ticks(FakeTime):
    """The same time as the simulated tenant reads it."""

    def __init__(self, time: Time) -> None:
        super().__init__()
        self._time = time

    def __call__(self) -> float:
        return self._time.moment.timestamp()


class Customer:
    """A tenant with so many subscriptions, its people, and what its Azure was asked and answered.

    `portal` has the units that each try of a colleague's brought.
    """

    def __init__(self, number: int, time: Time, subscriptions: int, resources: int) -> None:
        options = Options(seed=number, size="large", speed_up=1.0, token_life_seconds=10_000_000)
        self.tenant_id = f"{number:08}-1111-4111-8111-111111111111"
        self.visitor = Visitor(options, time=Ticks(time))
        self.world = self.visitor.world
        self.world.__dict__["estate"] = _estate(number, subscriptions, resources)
        self.subscription_ids = [item.subscription_id for item in self.world.estate.subscriptions]
        self.statuses: Counter[int] = Counter()
        self.answered_at: list[float] = []
        self.units = 0
        self.portal: list[int] = []

    @cached_property
    def token(self) -> str:
        return self.visitor.bearer()["Authorization"].partition(" ")[2]

    @cached_property
    def colleague(self) -> dict[str, str]:
        """A user of the customer, with the portal open."""
        return {**self.visitor.bearer("admin@contoso.example"), "ClientType": "portal"}


def _estate(seed: int, subscriptions: int, resources: int) -> Estate:
    estate = Estate(seed, "large")
    estate.subscriptions = tuple(
        replace(item, resource_count=resources) for item in estate.subscriptions[:subscriptions]
    )
    estate.all_subscriptions = (*estate.subscriptions, estate.delegated)
    estate._by_id = {item.subscription_id: item for item in estate.all_subscriptions}
    return estate


class Wires(BaseAdapter):
    """Brings each call to the tenant whose subscription it names, and takes its time."""

    def __init__(self, customers: list[Customer], time: Time) -> None:
        super().__init__()
        self._time = time
        self._by_subscription = {each: customer for customer in customers for each in customer.subscription_ids}

    def send(self, request: requests.PreparedRequest, *_: object, **__: object) -> requests.Response:
        parts = urlsplit(request.url or "")
        customer = self._by_subscription[parts.path.split("/")[2]]
        headers = {"host": "127.0.0.1", **{name.lower(): value for name, value in request.headers.items()}}
        body = request.body if isinstance(request.body, bytes) else b""
        self._time.sleep(TRAVEL_SECONDS)
        asked = Request(request.method or "", unquote(parts.path), parts.query, headers, body)
        found = answer(customer.world, asked)
        assert found is not None
        customer.statuses[found.status] += 1
        if found.status in (200, 204):
            customer.answered_at.append(self._time.passed)
            customer.units += int(found.header(CONSUMED) or 0)
        self._time.sleep(TRAVEL_SECONDS)
        response = requests.Response()
        response.status_code = found.status
        response.headers.update(dict(found.headers))
        response.raw = HTTPResponse(io.BytesIO(found.body), status=found.status, preload_content=False)
        response.request, response.url = request, request.url or ""
        return response

    def close(self) -> None:
        """There is nothing open."""


class Tokens(UserTokens):
    """The same token for ever."""

    def __init__(self, token: str) -> None:
        self._token = token

    def access_token(self, *, renew: bool = False, claims_challenge: str | None = None) -> str:  # noqa: ARG002
        return self._token


class Broker(TokenBroker):
    """Each tenant's own token."""

    def __init__(self, customers: list[Customer]) -> None:
        self._tokens = {customer.tenant_id: Tokens(customer.token) for customer in customers}

    def for_user(self, tenant_id: str, user_object_id: str) -> UserTokens:  # noqa: ARG002
        return self._tokens[tenant_id]


@dataclass
class App(Services):
    """All parts of the app, over files in a folder."""

    folder: Path
    time: Time
    tenants: list[Customer]

    def __post_init__(self) -> None:
        super().__init__(read_settings(settings_for(f"sqlite:///{self.folder / 'caleta.db'}")))
        http = requests.Session()
        http.mount("http://", Wires(self.tenants, self.time))
        self.clock = self.time
        self.database = empty_database(self.folder / "caleta.db")
        self.tables = self.table_store = LocalTableStore(self.folder / "tables.db")
        self.queues = self.bus = LocalQueue(self.folder / "queue.db", all_queues(), self.time)
        self.arm = ArmClient(self.tenants[0].world.base_url, self.time, http)
        self.tokens = Broker(self.tenants)

    def request(self, customer: Customer) -> Scan:
        """A scan of the tenant's costs whose steps are in the queue."""
        from collectors.scan.dispatch import send_first

        scan = consented_scan(self.database, customer.tenant_id, USER, PERIOD, self.time.now())
        wanted = [(COSTS.name, Subscription(each, each, "Enabled", None)) for each in customer.subscription_ids]
        Steps(self.database).insert_missing(ScanKey(customer.tenant_id, scan.scan_id), wanted, self.time.now())
        Scans(self.database).begin_collecting(ScanKey(customer.tenant_id, scan.scan_id))
        send_first(self.queues, self.steps_of(scan))
        return scan

    def steps_of(self, scan: Scan, of: Collector = COSTS) -> list[Step]:
        return [step for step in Steps(self.database).list(scan.key) if step.collector == of.name]

    def work(self, *queues: str) -> None:
        """Serves these queues (that of the actual costs) as a host does, until nothing is left in them."""
        wanted = queues or (QUEUE,)
        while any(self.serve(queue) for queue in wanted) or self.wait(wanted):
            pass

    def serve(self, queue: str = QUEUE) -> bool:
        """The messages of the next session; False when nothing is to be received now."""
        session = self.bus.accept_next_session(queue)
        if session is None:
            return False
        while (message := self.bus.receive_from_session(session)) is not None:
            collect(self, QUEUES[queue], message.body)
            self.bus.complete(message)
        self.bus.release_session(session)
        return True

    def wait(self, queues: Iterable[str] = (QUEUE,)) -> bool:
        """Until the next scheduled message is due; False when there is none."""
        messages = [message for queue in queues for message in self.bus.peek(queue, 10_000)]
        due = [message.scheduled_for for message in messages if message.scheduled_for]
        if due:
            self.time.sleep((min(due) - self.time.now()).total_seconds())
        return bool(due)

    def close(self) -> None:
        self.database.dispose()
        self.bus.close()
        self.table_store.close()
