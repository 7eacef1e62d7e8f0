"""`python3 -m tests.faults.crash`: kills the whole local app at random moments of scans, and compares what is left.

Each scan runs on a fresh data folder and is killed as often as asked: while the app starts, while
the user consents, while it reads, while it finishes. After the last start it must end by itself
with exactly the rows of a scan that nothing happened to, which are the tenant's truth.
"""

import argparse
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.prepared import continue_prepared

if __name__ == "__main__":
    continue_prepared("tests.faults.crash")

import requests

from local.browser import Browser
from local.consent import consent
from local.ports import free_ports, require_free
from local.refusals import CannotRun
from simulator.people import BY_USERNAME, CONTOSO
from tests.faults.killable import App
from tests.faults.stored_state import stored_costs_and_counts, stored_state

OWNER = f"owner@{CONTOSO.domain}"
TENANT = BY_USERNAME[OWNER].home.tenant_id
STARTS_KILLED = 0.15
"""The share of kills that hit the app while it starts; most moments are to be in the scan."""
END_SECONDS = 1_200.0
"""Longer than the sweeper waits before it sends again what has no message."""
SETTLE_SECONDS = 300.0
"""For what follows from a scan's end; it is over as soon as everything is there."""

LOOK_SECONDS = 0.05


@dataclass(frozen=True)
class Plan:
    """What is scanned, and how often it is killed in all, evenly over so many scans."""

    kills: int
    size: str
    seed: int
    speed_up: float = 60.0
    scans: int = 1


@dataclass(frozen=True)
class Untroubled:
    """A scan that nothing happened to: what it left, and how long its start and it took."""

    left: dict[str, Any]
    start_seconds: float
    scan_seconds: float


@dataclass(frozen=True)
class Survived:
    """One scan that was killed: after how many seconds of each life, and what is wrong with it, empty if nothing."""

    number: int
    moments: tuple[float, ...]
    seconds: float
    wrong: str


def crash(plan: Plan, folder: Path) -> Iterator[Survived]:
    """Scan and kill; yield each scan as it ends."""
    rng = random.Random(plan.seed)  # noqa: S311  repeatable, not secret
    reference = untroubled(app_of(plan, folder / "untroubled"))
    for number in range(plan.scans):
        kills = (plan.kills + number) // plan.scans
        yield _killed(number + 1, app_of(plan, folder / str(number)), kills, rng, reference)


def app_of(plan: Plan, folder: Path) -> App:
    """The app with a data folder of its own, not yet started."""
    folder.mkdir()
    return App(_two_ports(), plan.seed, plan.size, plan.speed_up, folder)


def _two_ports() -> int:
    for port in free_ports(20):
        try:
            require_free(port, port + 1)
        except CannotRun:
            continue
        return port
    raise AssertionError("no two free ports follow each other")


def untroubled(app: App) -> Untroubled:
    """Scans without a kill; raises AssertionError where not even that ends with the truth."""
    began = time.monotonic()
    app.start()
    try:
        app.wait_until_up()
        up = time.monotonic()
        Walk(app).follow()
        ended = time.monotonic()
        _wait_until(lambda: _is_drafted(app))
        _check_truth(app)
        return Untroubled(stored_state(app.data), up - began, ended - up)
    finally:
        app.stop()


def _is_drafted(app: App) -> bool:
    """Whether the last thing that follows from a scan's end has been done; it is done in one transaction."""
    return bool(stored_state(app.data)["findings"])


def _killed(number: int, app: App, kills: int, rng: random.Random, reference: Untroubled) -> Survived:
    began, walk, moments = time.monotonic(), Walk(app), list[float]()
    try:
        for _ in range(kills):
            moments.append(_one_life(walk, rng, reference, kills))
        app.start()
        app.wait_until_up()
        walk.follow()
        _wait_until(lambda: stored_state(app.data) == reference.left)
        wrong = _difference(app, reference)
    except (AssertionError, CannotRun, requests.RequestException) as failure:
        wrong = f"{type(failure).__name__}: {failure}"
    finally:
        app.stop()
    return Survived(number, tuple(moments), time.monotonic() - began, wrong)


def _one_life(walk: "Walk", rng: random.Random, reference: Untroubled, kills: int) -> float:
    """Starts the app and kills it; after how many seconds."""
    began = time.monotonic()
    dies_at_start = rng.random() < STARTS_KILLED
    longest = reference.start_seconds if dies_at_start else 2 * reference.scan_seconds / kills
    delay = rng.uniform(0.0, longest)
    walk.app.start()
    if not dies_at_start:
        walk.app.wait_until_up()
    killer = threading.Timer(delay, walk.app.kill)
    killer.start()
    if walk.app.wait_until_up():
        walk.follow_until_killed()
    killer.join()
    return time.monotonic() - began


class Walk:
    """A user who consents, and again whenever the app died before it had told them their scan's address."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.browser = Browser()
        self.scan_id: str | None = None

    def follow(self) -> None:
        """Consents where that is left to do, and watches until the scan has ended."""
        if self.scan_id is None:
            self.browser = Browser()
            self.scan_id = consent(self.browser, self.app.url, OWNER)
        ends = time.monotonic() + END_SECONDS
        while 'data-finished="yes"' not in (page := self.browser.open(f"{self.app.url}/scans/{self.scan_id}")).text:
            assert page.status == 200, f"the progress page answers {page.status}: {page.heading}"
            assert time.monotonic() < ends, f"the scan has not ended: {stored_state(self.app.data)}"
            time.sleep(LOOK_SECONDS)

    def follow_until_killed(self) -> None:
        """The same, but that the app may go away in the middle."""
        try:
            self.follow()
        except requests.RequestException:
            _wait_until(lambda: not self.app.is_alive)
            assert not self.app.is_alive, "the app broke a connection although it was not killed"


def _wait_until(is_so: Callable[[], bool]) -> None:
    ends = time.monotonic() + SETTLE_SECONDS
    while not is_so() and time.monotonic() < ends:
        time.sleep(LOOK_SECONDS)


def _check_truth(app: App) -> None:
    """Raises AssertionError where what is stored is not what the tenant holds."""
    today = datetime.now(UTC).date().isoformat()
    truth = app.simulation("truth", username=OWNER, tenant=TENANT, as_of=today)
    wanted = {"rows": truth["rows"], "totals": truth["totals"]}
    stored = stored_costs_and_counts(app.data, TENANT, BY_USERNAME[OWNER].home_object_id)
    assert stored == wanted, f"stored {stored}, but the tenant holds {wanted}"


def _difference(app: App, reference: Untroubled) -> str:
    """What is not as it should be, in words; empty if all is."""
    _check_truth(app)
    left, mails = stored_state(app.data), app.simulation("mails")["mails"]
    differing = [f"{name}: {left[name]}, not {value}" for name, value in reference.left.items() if left[name] != value]
    if len(mails) > left["outbox"][0]:
        differing.append(f"{len(mails)} mails were sent of {left['outbox'][0]}")
    return "; ".join(differing)


def in_words(survived: Survived) -> str:
    moments = ", ".join(f"{moment:.2f}" for moment in survived.moments)
    verdict = survived.wrong or "nothing lost, nothing doubled"
    return f"scan {survived.number}: killed after {moments} s; {survived.seconds:.1f} s in all: {verdict}"


def main() -> int:
    """0 when every scan ended with the truth."""
    parser = argparse.ArgumentParser(prog="python3 -m tests.faults.crash", description="Kills the app, many times.")
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--size", default="medium", choices=("tiny", "small", "medium"))
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--speed-up", type=float, default=60.0)
    parser.add_argument("--scans", type=int, default=1, help="the kills are spread evenly over so many scans")
    given = parser.parse_args()
    plan = Plan(given.kills, given.size, given.seed, given.speed_up, given.scans)
    print(f"seed {plan.seed}, size {plan.size}, {plan.kills} kills", flush=True)  # noqa: T201
    wrong = scans = 0
    with tempfile.TemporaryDirectory(prefix="caleta-crash-") as folder:
        for survived in crash(plan, Path(folder)):
            print(in_words(survived), flush=True)  # noqa: T201
            scans, wrong = scans + 1, wrong + bool(survived.wrong)
    print(f"{plan.kills} kills, {scans} scans, of which wrong: {wrong}", flush=True)  # noqa: T201
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
