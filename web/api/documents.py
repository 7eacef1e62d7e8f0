"""What each address of the API answers: the pages' own figures, as documents."""

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from shared.core.coverage import coverage
from shared.core.errors import BadRequest
from shared.core.findings import AffectedResource
from shared.core.models import Scan, Session
from shared.sql.collected.cost_explorer import PAGE_ROWS as GROUPS_PER_PAGE
from shared.sql.collected.cost_explorer import TAG, CostQuestion
from shared.sql.collected.cost_explorer import CostGroup as StoredGroup
from shared.sql.collected.inventory import PAGE_ROWS as RESOURCES_PER_PAGE
from shared.sql.collected.inventory import InventoryRow, InventorySearch
from shared.wiring import Services
from web.api import models
from web.http.forms import whole_number
from web.http.messages import Request
from web.privacy.activity import filter_of, record_of
from web.rendering.cost_explorer import FILTER_PREFIX, question_of
from web.rendering.cost_figures import MonthFigure
from web.rendering.findings import FindingView
from web.rendering.overview import overview as overview_figures
from web.rendering.scan_files import published_findings

SCANS_LISTED = 50
ENTRIES_LISTED = 100
MAX_PAGES = 10_000


def scans(_request: Request, services: Services, session: Session) -> models.Scans:
    """Your scans, newest first."""
    found = services.scans.recent(session.tenant_id, session.user_object_id, SCANS_LISTED)
    return models.Scans(scans=[_scan(scan) for scan in found])


def overview(_request: Request, services: Services, scan: Scan) -> models.Overview:
    """The overview's figures."""
    figures = overview_figures(services, scan)
    return models.Overview(
        scan=_scan(scan),
        coverage=figures.coverage.summary,
        cost_gaps=list(figures.cost_gaps),
        spend=[
            models.Spend(
                currency=one.currency,
                billed_cost=one.total,
                last_closed_month=_month(one.closed),
                months=[_month(each) for each in one.months],
            )
            for one in figures.spend
        ],
        savings=[
            models.Savings(currency=one.currency, monthly=one.monthly, yearly=one.yearly, estimated=one.estimated)
            for one in figures.savings
        ],
        published_at=figures.published_at,
        findings=figures.findings,
        undecided=figures.undecided,
    )


def costs(request: Request, services: Services, scan: Scan) -> models.Costs:
    """Costs by one dimension, filtered by others."""
    page = _page(request)
    question = _question(request.query, services, scan)
    answer = services.cost_explorer.ask(scan.key, question, page)
    return models.Costs(
        currency=question.currency,
        by=question.by,
        page=page,
        pages=_pages(answer.group_count, GROUPS_PER_PAGE),
        groups=[_group(group) for group in answer.groups],
        total=_group(answer.whole),
    )


def findings(_request: Request, services: Services, scan: Scan) -> models.Findings:
    """The published findings with their resources."""
    published = published_findings(services, scan)
    found = [_finding(view) for view in published.views] if published else []
    return models.Findings(published_at=services.reviews.get(scan.key).published_at, findings=found)


def resources(request: Request, services: Services, scan: Scan) -> models.Resources:
    """The inventory, a page at a time."""
    page, query = _page(request), request.query
    search = InventorySearch(
        query.get("text", ""), query.get("type", ""), query.get("subscription", ""), query.get("region", "")
    )
    rows, count = services.inventory_pages.find(scan.key, search, page)
    return models.Resources(
        page=page, pages=_pages(count, RESOURCES_PER_PAGE), resources=[_resource(row) for row in rows]
    )


def coverage_document(_request: Request, services: Services, scan: Scan) -> models.CoverageDocument:
    """What was read of each subscription, and why the rest was not."""
    read = coverage(services.steps.list(scan.key), scan.left_out_json)
    return models.CoverageDocument(
        summary=read.summary,
        left_out=list(read.left_out.sentences),
        subscriptions=[
            models.SubscriptionItem(
                subscription_id=one.subscription_id,
                name=one.name,
                steps=[
                    models.StepItem(
                        data=step.collector,
                        status=step.status,
                        rows=step.rows,
                        rows_set_aside=step.rows_set_aside,
                        reason=step.status_reason,
                    )
                    for step in one.steps
                ],
            )
            for one in read.subscriptions
        ],
    )


def activity(request: Request, services: Services, session: Session) -> models.Activity:
    """Your activity log, newest first."""
    wanted, log = filter_of(request.query), services.audit_log
    entries = log.of_user(session.tenant_id, session.user_object_id, wanted, ENTRIES_LISTED + 1)
    shown = entries[:ENTRIES_LISTED]
    return models.Activity(
        entries=[models.ActivityItem.model_validate(record_of(entry)) for entry in shown],
        before=shown[-1].event_id if len(entries) > ENTRIES_LISTED else None,
    )


def _question(query: Mapping[str, str], services: Services, scan: Scan) -> CostQuestion:
    """Parse the words of the costs page; raises BadRequest."""
    explorer = services.cost_explorer
    is_about_tags = TAG in (query.get("by"), *(name.removeprefix(FILTER_PREFIX) for name in query))
    question = question_of(query, scan, explorer.tag_names(scan.key) if is_about_tags else [])
    currencies = explorer.currencies(scan.key)
    if question.currency and question.currency not in currencies:
        raise BadRequest("Unknown currency", f"Use one of: {', '.join(currencies)}.")
    return question if question.currency else replace(question, currency=next(iter(currencies), ""))


def _page(request: Request) -> int:
    page = whole_number(request.query.get("page", "0"), MAX_PAGES)
    if page is None:
        raise BadRequest("The page is not valid", "Pages count from 0, as in the addresses of the pages here.")
    return page


def _pages(count: int, per_page: int) -> int:
    return max(1, math.ceil(count / per_page))


def _scan(scan: Scan) -> models.ScanItem:
    return models.ScanItem.model_validate(scan, from_attributes=True)


def _month(figure: MonthFigure) -> models.MonthAmount:
    return models.MonthAmount(month=figure.month, billed_cost=figure.amount)


def _group(group: StoredGroup) -> models.CostGroup:
    value = group.value.isoformat() if isinstance(group.value, date) else group.value
    return models.CostGroup(value=value, billed_cost=group.billed_cost, compared=group.compared, rows=group.rows)


def _amounts(amounts: Mapping[str, Decimal]) -> list[models.Amount]:
    return [models.Amount(currency=currency, amount=amount) for currency, amount in sorted(amounts.items())]


def _finding(view: FindingView) -> models.FindingItem:
    finding, counted = view.finding, view.counted
    return models.FindingItem(
        finding_id=finding.finding_id,
        title=finding.title,
        text=finding.text,
        measure=finding.measure,
        confidence=finding.confidence,
        effort=finding.effort,
        decision=view.standing.decision,
        counted=[] if view.standing.is_set_aside else _amounts(counted.proven),
        estimated=_amounts(counted.own_estimate),
        resources=[_affected(view, each) for each in view.resources],
    )


def _affected(view: FindingView, each: AffectedResource) -> models.FindingResource:
    decision = view.state.about(each.resource_id) if view.state else view.standing.decision
    return models.FindingResource(
        resource_id=each.resource_id,
        name=each.resource_name,
        type=each.resource_type,
        subscription_id=each.sub_account_id,
        resource_group=each.resource_group,
        region=each.region_id,
        decision=decision,
        savings=[models.Amount(currency=saving.currency, amount=saving.monthly) for saving in each.savings],
        evidence=[f"{line.label}: {line.value}" for line in each.evidence],
    )


def _resource(row: InventoryRow) -> models.ResourceItem:
    tags = json.loads(row.tags_json) if row.tags_json else {}
    return models.ResourceItem(
        resource_id=row.resource_id,
        name=row.resource_name,
        type=row.resource_type,
        subscription_id=row.sub_account_id,
        resource_group=row.resource_group,
        region=row.region_id,
        tags={str(name): str(value) for name, value in tags.items()} if isinstance(tags, dict) else {},
    )
