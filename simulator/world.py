"""The state that handlers share."""

import time
from collections.abc import Callable
from functools import cached_property

from simulator.arm.quotas import Quotas
from simulator.estate.estate import Estate
from simulator.faults import Faults
from simulator.options import Options
from simulator.request_log import RequestLog
from simulator.signing import Signer
from simulator.state import State


class World:
    """The simulated cloud. `now` returns seconds since 1970; tests inject their own."""

    def __init__(
        self,
        options: Options,
        *,
        state: State | None = None,
        now: Callable[[], float] = time.time,
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        self.options = options
        self.configuration = options.configuration
        self.port = options.port
        self.state = state or State(options.state_dir / "tenant.sqlite")
        self.now = now
        self.signer = Signer(self.state)
        self.faults = Faults(options.faults, options.seed)
        self.requests = RequestLog()
        self.quotas = Quotas(options.speed_up, tick)
        self.expired_tokens: set[str] = set()
        self.browser_sessions: dict[str, object] = {}
        """Entra's sessions by cookie: see entra/browser_session.py."""
        self.operator_roles: dict[str, tuple[str, ...]] = {}
        """App roles that were changed, by user name; all others are as configured."""

    @cached_property
    def estate(self) -> Estate:
        return Estate(self.options.seed, self.options.size, self.options.estate, self.options.most_groupings)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def redirect_uris(self, client_id: str) -> tuple[str, ...]:
        """The registered redirect addresses of an application, at each of the app's URLs."""
        paths = self.configuration.applications[client_id].redirect_paths
        return tuple(f"{url.rstrip('/')}{path}" for url in self.options.app_urls for path in paths)
