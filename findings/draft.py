"""A finished scan becomes draft findings. Nobody but reviewers sees them until they are published."""

import logging
from collections.abc import Iterator, Sequence
from typing import Any

from findings.advice import advised, offered
from findings.carry import with_written
from findings.commitment import CommitmentRule
from findings.reading import Reader
from findings.registry import ADVISOR_RULES, RESERVATION_RULE, RULES, SAVINGS_PLAN_RULE
from findings.rule import AdvisorRule, Rule
from findings.search import Hits, affected, search
from findings.writing import text_of
from shared.core.billed_costs import BilledCosts, billed_costs
from shared.core.findings import AffectedResource, DraftFinding
from shared.core.messages import ScanMessage
from shared.core.models import Scan, ScanStatus
from shared.core.periods import add_months
from shared.evidence.readings import Readings, readings
from shared.observability.events import Event
from shared.observability.work_log import log_event
from shared.sql.collected.recommendations import Recommendations
from shared.sql.engine.engine import Database
from shared.sql.findings.sources import FindingSources
from shared.sql.scans.steps import Steps
from shared.wiring import Services

log = logging.getLogger(__name__)

READ_SCANS = (ScanStatus.COLLECTED, ScanStatus.PARTIAL)


def draft(services: Services, body: bytes) -> None:
    """Drafts one scan's findings; may be asked for again. What a reviewer has touched stays. Raises BadMessage."""
    message = ScanMessage.decode(body)
    scan = services.scans.get(message.tenant_id, message.scan_id)
    if scan is None or scan.status not in READ_SCANS:
        log_event(log, Event.DRAFTS_SKIPPED, scan.status if scan else "unknown", scan=message.scan_id)
        return
    read = readings(services.steps.list(scan.tenant_id, scan.scan_id))
    drafts = with_written(services.database, scan, read, drafts_of(services.database, scan))
    services.finding_drafts.replace(scan.tenant_id, scan.scan_id, drafts, services.clock.now())
    log_event(log, Event.FINDINGS_DRAFTED, scan=scan.scan_id, drafts=len(drafts))


def drafts_of(database: Database, scan: Scan) -> list[DraftFinding]:
    """What all rules find in the stored rows of a scan. Memory holds what is found, not what is looked at."""
    read = readings(Steps(database).list(scan.tenant_id, scan.scan_id))
    reader = Reader(FindingSources(database), scan, read)
    types = frozenset(kind for rule in RULES for kind in rule.resource_types)
    facts = reader.facts(RULES, scan.requested_at.date())
    hits = search(RULES, reader.resources(types), facts)
    advice = Recommendations(database).advisor(scan.tenant_id, scan.scan_id)
    wanted = {resource_id for hit in hits for resource_id in hit.wanted_costs()}
    wanted |= {row.resource_id for row in advice if row.resource_id}
    month = add_months(scan.period_end, -1)
    rows = reader.sources.costs_of_month(scan.tenant_id, scan.scan_id, month)
    costs = billed_costs(month, read.costs, frozenset(wanted), rows)
    found = [*_of_rules(hits, costs, read)]
    found += [_finding(rule, advised(rule, advice, costs)) for rule in ADVISOR_RULES]
    return [one for one in [*found, *_commitments(database, scan)] if one.resources]


def _of_rules(hits: Sequence[Hits], costs: BilledCosts, read: Readings) -> Iterator[DraftFinding]:
    for hit in hits:
        month = costs.month if hit.rule.has_saving else None
        text = text_of(hit.rule.words, month, hit.left_out, read.unread)
        yield _finding(hit.rule, affected(hit, costs), text)


def _commitments(database: Database, scan: Scan) -> Iterator[DraftFinding]:
    stored, key = Recommendations(database), (scan.tenant_id, scan.scan_id)
    yield _finding(RESERVATION_RULE, offered(RESERVATION_RULE, stored.reservations(*key)))
    yield _finding(SAVINGS_PLAN_RULE, offered(SAVINGS_PLAN_RULE, stored.savings_plans(*key)))


def _finding(
    rule: Rule | AdvisorRule | CommitmentRule[Any], resources: Sequence[AffectedResource], text: str | None = None
) -> DraftFinding:
    return DraftFinding(
        key=f"rule:{rule.name}",
        title=rule.words.title_for(len(resources)),
        text=text or text_of(rule.words, None),
        measure=rule.measure,
        confidence=rule.confidence,
        effort=rule.effort,
        resources=tuple(resources),
    )
