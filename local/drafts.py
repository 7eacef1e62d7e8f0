"""The draft findings of a scan, counted as `python3 -m local scan` prints them beside the truth."""

import time
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from local.refusals import CannotRun
from shared.core.findings import Measure, Saving
from shared.core.models import ScanKey
from shared.core.money import sum_exactly
from shared.wiring import Services

POLL_SECONDS = 0.2
MAX_POLLS = 600

SHOWN = Decimal("1e-12")
"""Amounts are rounded to this: a twelfth of a year's savings has no last digit."""


def drafts_of(services: Services, scan_key: ScanKey) -> dict[str, Any]:
    """Return {"count", "monthly_savings": {basis: {currency: amount}}} once the scan's findings are drafted.

    Each resource counts once, and commitments, which are alternatives, are never added. Raises CannotRun.
    """
    _wait(services, scan_key)
    parts: dict[str, dict[str, list[Decimal]]] = {}
    for saving in _counted(services, scan_key):
        parts.setdefault(saving.basis.value, {}).setdefault(saving.currency, []).append(saving.monthly)
    sums = {
        basis: {currency: f"{sum_exactly(own).quantize(SHOWN):f}" for currency, own in sorted(by_currency.items())}
        for basis, by_currency in sorted(parts.items())
    }
    return {"count": len(services.findings.of_scan(scan_key)), "monthly_savings": sums}


def _wait(services: Services, scan_key: ScanKey) -> None:
    """Wait until no draft of the scan is due any more."""
    for _ in range(MAX_POLLS):
        due = services.scans.undrafted(services.clock.now() + timedelta(days=1))
        if scan_key not in {scan.key for scan in due}:
            return
        time.sleep(POLL_SECONDS)
    raise CannotRun("The findings of the scan were not drafted in time.")


def _counted(services: Services, scan_key: ScanKey) -> Iterator[Saving]:
    """Yield the savings of each resource, of the first finding by measure that has any for it."""
    resources, claimed = services.findings.resources(scan_key), set[str]()
    for finding in services.findings.of_scan(scan_key):
        own = resources.get(finding.finding_id, []) if finding.measure is not Measure.COMMIT else []
        free = [each for each in own if each.savings and each.resource_id not in claimed]
        claimed |= {each.resource_id for each in free}
        for each in free:
            yield from each.savings
