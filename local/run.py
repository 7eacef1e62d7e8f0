"""Starts and stops the parts of a local run together."""

import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.host.app import Host, HostOptions
from local.host.functions import index
from local.ports import LOOPBACK, require_free
from local.refusals import CannotRun
from local.services import LocalServices, local_settings
from local.tenant_process import TenantOptions, tenant_process
from shared import wiring


@dataclass(frozen=True)
class RunOptions:
    """Options of a local run: ports, the simulated tenant, its speed-up, and the data folder."""

    port: int
    tenant_port: int
    seed: int
    size: str
    speed_up: float
    data: Path
    estate: str = "plain"
    faults: str = "none"

    @property
    def base_url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def tenant(self) -> TenantOptions:
        state = self.data / "tenant"
        made_up = (self.tenant_port, self.seed, self.size, self.speed_up)
        return TenantOptions(*made_up, state, self.base_url, self.estate, self.faults)


@dataclass(frozen=True)
class Run:
    """A local run in progress."""

    options: RunOptions
    services: LocalServices
    tenant: "subprocess.Popen[bytes]"


@contextmanager
def running(options: RunOptions) -> Iterator[Run]:
    """Run tenant, host and functions while the block runs; raises CannotRun."""
    require_free(options.port, options.tenant_port)
    try:
        options.data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotRun(
            f"The folder {options.data} cannot be used: {error.strerror}. Name another with --data."
        ) from None
    with only_run_on(options.data), tenant_process(options.tenant) as tenant, open_services(options) as services:
        services.end_earlier_run()
        with serving(options, services):
            yield Run(options, services, tenant)


@contextmanager
def only_run_on(data: Path) -> Iterator[None]:
    """Lock the folder while the block runs; SQLite's lock ends with the process on every system. Raises CannotRun."""
    with closing(sqlite3.connect(data / "run.lock", timeout=0, isolation_level=None)) as holder:
        try:
            holder.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            raise CannotRun(f"Another run uses {data}. Stop it, or choose another folder with --data.") from None
        yield


@contextmanager
def open_services(options: RunOptions) -> Iterator[LocalServices]:
    """The app's services on the data folder, installed as the app's own."""
    settings = local_settings(options.data, options.base_url, options.tenant.url, options.speed_up)
    services = LocalServices(settings, options.data)
    services.open()
    wiring.use(services)
    try:
        yield services
    finally:
        wiring.use(None)
        services.close()


@contextmanager
def serving(options: RunOptions, services: LocalServices) -> Iterator[Host]:
    """The host that runs the app's functions."""
    from function_app import app

    host_options = HostOptions(options.port, options.data, options.speed_up)
    host = Host(index(app), services.queues, services.clock, host_options)
    host.start()
    try:
        yield host
    finally:
        host.stop()
