"""Turns a finished scan into draft findings, which only reviewers see until they are published."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from findings.azure_recommendations import from_advisor, from_commitments
from findings.carry_over import with_reviewer_changes
from findings.draft_text import text_of
from findings.judge import Scope, judge
from findings.registry import ADVISOR_RULES, RESERVATION_RULE, RULES, SAVINGS_PLAN_RULE, SPEND_RULES
from findings.resource import Resource, resource_of
from findings.rule import AdvisorRule, CommitmentRule
from shared.core.billed_costs import MonthCost
from shared.core.findings import AffectedResource, Confidence, DraftFinding, Effort, Evidence, Measure
from shared.core.messages import ScanMessage
from shared.core.meter_costs import MeterCost, SpendLine
from shared.core.models import Scan, ScanStatus
from shared.core.periods import add_months
from shared.evidence.fully_read import FullyReadSubscriptions, fully_read
from shared.evidence.resource_fates import update_ledger
from shared.observability.events import Event
from shared.observability.work_log import log_event
from shared.sql.collected.recommendations import Recommendations
from shared.sql.engine.engine import Database
from shared.sql.findings.sources import FindingSources
from shared.sql.scans.steps import Steps
from shared.sql.scans.subscriptions import Subscriptions
from shared.wiring import Services

log = logging.getLogger(__name__)

READ_SCANS = (ScanStatus.COLLECTED, ScanStatus.PARTIAL)


@dataclass(frozen=True)
class StoredRows:
    """The rows of a stored scan, limited to the subscriptions that rules may conclude from."""

    sources: FindingSources
    scan: Scan
    read: FullyReadSubscriptions

    def resources(self, resource_types: frozenset[str]) -> Iterator[Resource]:
        for row in self.sources.resources(self.scan.key, resource_types):
            if row.sub_account_id.lower() in self.read.inventory:
                yield resource_of(row)

    def costs_of_month(self, month: date) -> Iterator[MonthCost]:
        return self.sources.costs_of_month(self.scan.key, month)

    def meters_of_month(self, month: date) -> Iterator[MeterCost]:
        return self.sources.meters_of_month(self.scan.key, month)

    def spend(self) -> Iterator[SpendLine]:
        return self.sources.spend(self.scan.key)


def draft(services: Services, body: bytes) -> None:
    """Draft the findings of one scan. Idempotent: findings that a reviewer changed stay. Raises BadMessage."""
    message = ScanMessage.decode(body)
    scan = services.scans.get(message.scan_key)
    if scan is None or scan.status not in READ_SCANS:
        log_event(log, Event.DRAFTS_SKIPPED, scan.status if scan else "unknown", scan=message.scan_id)
        return
    steps = services.steps.list(scan.key)
    read = fully_read(steps, services.subscriptions.quota_ids(scan.key))
    drafts = with_reviewer_changes(services.database, scan, read, drafts_of(services.database, scan))
    services.finding_drafts.replace(scan.key, drafts, services.clock.now())
    update_ledger(services.database, scan, (step.subscription_id for step in steps), read)
    log_event(log, Event.FINDINGS_DRAFTED, scan=scan.scan_id, drafts=len(drafts))


def drafts_of(database: Database, scan: Scan) -> list[DraftFinding]:
    """Return the findings of all rules for a scan. Rows are streamed; only matches stay in memory."""
    quota_ids, steps = Subscriptions(database).quota_ids(scan.key), Steps(database).list(scan.key)
    read = fully_read(steps, quota_ids)
    names = {step.subscription_id.lower(): step.subscription_name for step in steps}
    scope = Scope(add_months(scan.period_end, -1), scan.requested_at.date(), read, quota_ids, names)
    advice = Recommendations(database).advisor(scan.key)
    advised = frozenset(row.resource_id for row in advice if row.resource_id)
    judged = judge(RULES, SPEND_RULES, StoredRows(FindingSources(database), scan, read), scope, advised)
    for name, fault in judged.failed.items():
        log_event(log, Event.RULE_FAILED, name, scan=scan.scan_id, error=fault)
    found = [_of_azure(rule, from_advisor(rule, advice, judged.billed)) for rule in ADVISOR_RULES]
    found += _commitments(database, scan)
    return [one for one in [*judged.findings, *found, not_run(judged.failed, read)] if one.resources]


def not_run(failed: Mapping[str, str], read: FullyReadSubscriptions) -> DraftFinding:
    """Return what the review could not check, as a line of its own for the reviewer; without resources if nothing.

    A rule that fails stops at a resource of a form that it does not know, in any subscription.
    """
    subscription = next(iter(sorted(read.inventory)), "")
    count = f"{len(failed)} check{'s' if len(failed) > 1 else ''}"
    return DraftFinding(
        key="rule:checks_not_run",
        title=f"{count} could not run",
        text="These checks stopped at a resource of a form that they do not know. All other checks ran. What they "
        "would have found is not in this review; we have been alerted and will fix them.",
        measure=Measure.TIDY,
        confidence=Confidence.HIGH,
        effort=Effort.LOW,
        resources=tuple(_not_run(name, fault, subscription) for name, fault in sorted(failed.items())),
    )


def _not_run(name: str, fault: str, subscription: str) -> AffectedResource:
    return AffectedResource(
        resource_id=f"/subscriptions/{subscription}",
        resource_name=name,
        resource_type="check",
        sub_account_id=subscription,
        resource_group=None,
        region_id=None,
        evidence=(Evidence("Error", fault),),
    )


def _commitments(database: Database, scan: Scan) -> Iterator[DraftFinding]:
    stored, key = Recommendations(database), scan.key
    yield _of_azure(RESERVATION_RULE, from_commitments(RESERVATION_RULE, stored.reservations(key)))
    yield _of_azure(SAVINGS_PLAN_RULE, from_commitments(SAVINGS_PLAN_RULE, stored.savings_plans(key)))


def _of_azure(rule: AdvisorRule | CommitmentRule[Any], resources: Sequence[AffectedResource]) -> DraftFinding:
    return DraftFinding(
        key=f"rule:{rule.name}",
        title=rule.text.title_for(len(resources)),
        text=text_of(rule.text, None),
        measure=rule.measure,
        confidence=rule.confidence,
        effort=rule.effort,
        resources=tuple(resources),
    )
