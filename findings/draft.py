"""Turns a finished scan into draft findings, which only reviewers see until they are published."""

import logging
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from findings.azure_recommendations import from_advisor, from_commitments
from findings.carry_over import with_reviewer_changes
from findings.draft_text import CostMonth, text_of
from findings.registry import ADVISOR_RULES, RESERVATION_RULE, RULES, SAVINGS_PLAN_RULE
from findings.rule import AdvisorRule, CommitmentRule, Rule
from findings.search import InventoryReader, Matches, affected, search
from shared.core.billed_costs import BilledCosts, billed_costs
from shared.core.findings import AffectedResource, DraftFinding
from shared.core.messages import ScanMessage
from shared.core.models import Scan, ScanStatus
from shared.core.periods import add_months
from shared.core.price_basis import is_open
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
    quota_ids = Subscriptions(database).quota_ids(scan.key)
    read = fully_read(Steps(database).list(scan.key), quota_ids)
    reader = InventoryReader(FindingSources(database), scan, read, quota_ids)
    types = frozenset(kind for rule in RULES for kind in rule.resource_types)
    facts = reader.facts(RULES, scan.requested_at.date())
    matches = search(RULES, reader.resources(types), facts)
    advice = Recommendations(database).advisor(scan.key)
    wanted = {resource_id for each in matches for resource_id in each.wanted_costs()}
    wanted |= {row.resource_id for row in advice if row.resource_id}
    month = add_months(scan.period_end, -1)
    rows = reader.sources.costs_of_month(scan.key, month)
    costs = billed_costs(month, read.costs, frozenset(wanted), rows, read.costs_in_part, read.public_prices)
    found = [*_of_rules(matches, costs, read, scan.requested_at.date())]
    found += [_finding(rule, from_advisor(rule, advice, costs)) for rule in ADVISOR_RULES]
    return [one for one in [*found, *_commitments(database, scan)] if one.resources]


def _of_rules(
    matches: Sequence[Matches], costs: BilledCosts, read: FullyReadSubscriptions, read_on: date
) -> Iterator[DraftFinding]:
    for each in matches:
        resources = affected(each, costs)
        bases = frozenset(saving.basis for resource in resources for saving in resource.savings)
        amounts = CostMonth(costs.month, bases, is_open(costs.month, read_on)) if each.rule.has_saving else None
        yield _finding(each.rule, resources, text_of(each.rule.text, amounts, each.excluded, read.unread))


def _commitments(database: Database, scan: Scan) -> Iterator[DraftFinding]:
    stored, key = Recommendations(database), scan.key
    yield _finding(RESERVATION_RULE, from_commitments(RESERVATION_RULE, stored.reservations(key)))
    yield _finding(SAVINGS_PLAN_RULE, from_commitments(SAVINGS_PLAN_RULE, stored.savings_plans(key)))


def _finding(
    rule: Rule | AdvisorRule | CommitmentRule[Any], resources: Sequence[AffectedResource], text: str | None = None
) -> DraftFinding:
    return DraftFinding(
        key=f"rule:{rule.name}",
        title=rule.text.title_for(len(resources)),
        text=text or text_of(rule.text, None),
        measure=rule.measure,
        confidence=rule.confidence,
        effort=rule.effort,
        resources=tuple(resources),
    )
