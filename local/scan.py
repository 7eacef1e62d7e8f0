"""`python3 -m local scan`: consent, scan and comparison with the truth, without a user."""

import json
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import requests

from local.browser import Browser
from local.consent import consent
from local.drafts import drafts_of
from local.ports import free_ports
from local.refusals import CannotRun
from local.registration import REGISTRATION
from local.run import Run, RunOptions, running
from shared.core.commitments import CommitmentFigures, commitment_figures
from shared.core.coverage import coverage
from shared.core.models import Scan, ScanKey, ScanStatus
from simulator.people import CONTOSO
from tools.environment import say

POLL_SECONDS = 0.2
GOOD_ENDS = (ScanStatus.COLLECTED, ScanStatus.PARTIAL)


@dataclass(frozen=True)
class ScanOptions:
    """Options of `local scan`. `port` None takes any free one."""

    user: str
    seed: int
    size: str
    speed_up: float
    port: int | None
    estate: str
    as_json: bool
    faults: str = "none"

    @property
    def username(self) -> str:
        return self.user if "@" in self.user else f"{self.user}@{CONTOSO.domain}"


def scan(options: ScanOptions) -> int:
    """Run a scan and print its result; 0 when it ended as collected or partial, else 1. Raises CannotRun."""
    if options.username not in REGISTRATION.by_username:
        raise CannotRun(f"There is no {options.username}. Sample users: {', '.join(REGISTRATION.by_username)}.")
    with tempfile.TemporaryDirectory(prefix="caleta-") as folder:
        port, tenant_port = (options.port, options.port + 1) if options.port else free_ports(2)
        run_options = RunOptions(
            port,
            tenant_port,
            options.seed,
            options.size,
            options.speed_up,
            Path(folder).resolve(),
            options.estate,
            options.faults,
        )
        with running(run_options) as run:
            ended, seconds = watched(run, options.username)
            result = summary(run, options.username, ended, seconds)
            if options.faults != "none":
                result |= fault_report(run, ended)
    print(json.dumps(result) if options.as_json else as_text(result))
    return 0 if ended.status in GOOD_ENDS else 1


def watched(run: Run, username: str) -> tuple[Scan, float]:
    """Consent, then poll the progress page until the scan ends; return the scan and the seconds."""
    browser, base_url = Browser(), run.options.base_url
    began, began_at = time.monotonic(), run.services.clock.now()
    scan_id = consent(browser, base_url, username)
    require_new(run, username, scan_id, began_at)
    say(f"Scan {scan_id} started: {base_url}/scans/{scan_id}")
    while 'data-finished="yes"' not in (page := browser.open(f"{base_url}/scans/{scan_id}")).text:
        if page.status != 200 or run.tenant.poll() is not None:
            raise CannotRun(f"The progress page answers {page.status}: “{page.heading}”.")
        time.sleep(POLL_SECONDS)
    return stored_scan(run, username, scan_id), time.monotonic() - began


def stored_scan(run: Run, username: str, scan_id: str) -> Scan:
    """The scan in the database; raises CannotRun when it is not there."""
    found = run.services.scans.get(ScanKey(REGISTRATION.by_username[username].home.tenant_id, scan_id))
    if found is None:
        raise CannotRun("The scan is not in the database.")
    return found


def require_new(run: Run, username: str, scan_id: str, began_at: datetime) -> None:
    """Raises CannotRun when the app showed an earlier scan instead of starting one: its truth may be another."""
    earlier, options = stored_scan(run, username, scan_id), run.options
    if earlier.requested_at >= began_at:
        return
    key = earlier.key
    stored = {step.subscription_id for step in run.services.steps.list(key)}
    is_other = not stored <= truth_of(run, username, earlier)["subscriptions"].keys()
    estate = f"seed {options.seed}, size {options.size}, estate {options.estate}"
    relation = (
        f"of another estate than this one ({estate})" if is_other else f"of this estate ({estate}) or one like it"
    )
    raise CannotRun(
        f"The database already holds a recent scan of {username}, {relation}. "
        "No scan was started and nothing was compared. Use an empty database, or delete that customer's data first."
    )


def truth_of(run: Run, username: str, scan: Scan) -> dict[str, Any]:
    """What the simulated tenant says a perfect scan of that day stores."""
    asked = {"username": username, "tenant": scan.tenant_id, "as_of": scan.requested_at.date().isoformat()}
    truth: dict[str, Any] = requests.get(
        f"{run.options.tenant.url}/_simulation/truth", params=asked, timeout=600
    ).json()
    return truth


def summary(run: Run, username: str, ended: Scan, seconds: float) -> dict[str, Any]:
    """What was stored, beside the generator's truth and the tenant's request counts."""
    key = ended.key
    read = coverage(run.services.steps.list(key))
    stored = run.services.recommendations
    simulation = f"{run.options.tenant.url}/_simulation"
    truth = truth_of(run, username, ended)
    counted = requests.get(f"{simulation}/requests", timeout=60).json()
    return {
        "scan": {"id": ended.scan_id, "status": ended.status.value, "seconds": round(seconds, 2)},
        "coverage": {name: getattr(read, name) for name in ("steps", "succeeded", "blocked", "skipped", "failed")},
        "rows": stored.row_counts(key),
        "totals": plain(stored.cost_sums(key)),
        "amortized_totals": plain(run.services.commitments.effective_cost_sums(key)),
        "offers": {"reservations": len(stored.reservations(key)), "savings_plans": len(stored.savings_plans(key))},
        "commitments": commitments_of(run, key),
        "drafts": drafts_of(run.services, key) if ended.status in GOOD_ENDS else None,
        "truth": {
            "rows": truth["rows"],
            **{name: plain(truth[name]) for name in ("totals", "amortized_totals")},
            "commitments": truth["commitments"],
            "drafts": truth["drafts"] if ended.status in GOOD_ENDS else None,
            "offers": truth["offers"],
        },
        "requests": {"sent": counted["sent"], "throttled": counted["throttled"]},
    }


def commitments_of(run: Run, key: ScanKey) -> dict[str, Any]:
    """The figures about all commitments of each currency; shares in percent."""
    figures = commitment_figures(run.services.charge_totals.charges(key))
    return {one.currency: commitment_part(one) for one in figures if not one.kind}


def commitment_part(one: CommitmentFigures) -> dict[str, Any]:
    """One currency's figures, as the simulated tenant writes its own."""
    shares = {"coverage": one.coverage, "utilization": one.utilization}
    return {
        **plain({"covered": one.covered, "eligible": one.eligible, "unused": one.unused}),
        **{name: None if share is None else f"{share * 100:.4f}" for name, share in shares.items()},
    }


def fault_report(run: Run, ended: Scan) -> dict[str, Any]:
    """Which faults struck how often, and the steps that were not read in full."""
    faults = requests.get(f"{run.options.tenant.url}/_simulation/faults", timeout=60).json()
    steps = run.services.steps.list(ended.key)
    missing = [
        {"collector": step.collector, "subscription": step.subscription_name, "reason": step.status_reason}
        for step in steps
        if not step.is_read_in_full
    ]
    words = {name: faults["known"][name] for name in faults["struck"]}
    told = {"kind": run.options.faults, "struck": faults["struck"], "words": words}
    return {"faults": told, "missing": missing}


def plain(totals: Mapping[str, Decimal | str]) -> dict[str, str]:
    """Exact amounts as text in one form: no exponent, no trailing zeros."""
    return {currency: plain_amount(f"{Decimal(amount):f}") for currency, amount in sorted(totals.items())}


def plain_amount(text: str) -> str:
    """Without trailing zeros."""
    return text.rstrip("0").rstrip(".") if "." in text else text


def as_text(result: dict[str, Any]) -> str:
    """The result as text for the terminal."""
    scanned, read, truth = result["scan"], result["coverage"], result["truth"]
    rows = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in result["rows"].items())
    totals = "\n".join(f"  {currency} {amount}" for currency, amount in result["totals"].items()) or "  none"
    same = all(result[name] == truth[name] for name in truth)
    return (
        f"Scan {scanned['status']} after {scanned['seconds']} s.\n"
        f"Steps: {read['succeeded']} of {read['steps']} read, {read['blocked']} blocked, "
        f"{read['skipped']} not offered, {read['failed']} failed.\n"
        f"Rows: {rows}.\n"
        f"Twelve months of cost:\n{totals}\n"
        f"{'This is exactly' if same else 'This is NOT'} what the simulated tenant holds.\n"
        f"Requests: {result['requests']['sent']}, of which throttled {result['requests']['throttled']}."
        f"{faults_as_text(result) if 'faults' in result else ''}"
    )


def faults_as_text(result: dict[str, Any]) -> str:
    """Two paragraphs: the faults that struck, the steps that are missing."""
    words = result["faults"]["words"]
    struck = [f"  {count:3} x {name}: {words[name]}" for name, count in result["faults"]["struck"].items()]
    lines = [f"  {one['collector']} of {one['subscription']}: {one['reason']}" for one in result["missing"]]
    head = "\nFaults that struck:" if struck else "\nNo fault struck."
    return "\n".join([head, *struck, "Not read:" if lines else "Nothing is missing.", *lines])
