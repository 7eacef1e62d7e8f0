"""The overview's figures of one scan, apart from any page: the page, the API, the PDF and the workbook show these.

Amounts are exact, of one currency and one basis each. A figure that is not known is None or absent, never a zero.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from shared.core.coverage import Coverage, coverage
from shared.core.finding_overlap import Amounts, added, best
from shared.core.findings import Decision, Effort, Measure, SavingBasis
from shared.core.formats import subscription
from shared.core.models import Scan
from shared.core.money import sum_exactly
from shared.core.price_basis import is_open
from shared.core.review_window import REVIEWABLE, ReviewWindow, review_window
from shared.sql.collected.cost_totals import CostTotal
from shared.wiring import Services
from web.rendering.cost_figures import MonthFigure, month_figures, share_of
from web.rendering.cost_gaps import cost_gaps
from web.rendering.findings import FindingView, PublishedFindings, review

FIRST_ACTIONS = 5
SERVICE, REFUND = "service", "refund"


@dataclass(frozen=True)
class Spend:
    """What was billed in one currency. `closed` is the last month that Azure has closed, with its change."""

    currency: str
    total: Decimal
    refunds: Decimal
    months: tuple[MonthFigure, ...]
    closed: MonthFigure
    average: Decimal


@dataclass(frozen=True)
class MeasureSavings:
    """What one kind of measure saves a month, each resource counted once; `share` is of the sum of all measures."""

    measure: Measure
    monthly: Decimal
    share: Decimal | None
    findings: int


@dataclass(frozen=True)
class Savings:
    """What could be saved in one currency.

    `monthly` is None if no amount is proven by a bill or a reviewer; `estimated` comes on top of it by Azure's
    estimates. Commitments are alternatives and in neither; `best_commitment` is the best single offer.
    `done` is the part of `monthly` that the customer marked as done and this scan still found.
    """

    currency: str
    monthly: Decimal | None
    yearly: Decimal | None
    share_of_spend: Decimal | None
    estimated: Decimal | None
    best_commitment: Decimal | None
    done: Decimal | None
    by_measure: tuple[MeasureSavings, ...]


@dataclass(frozen=True)
class Action:
    """One of the actions to do first. `monthly` are the amounts that count, or Azure's estimate alone."""

    finding_id: str
    title: str
    measure: Measure
    effort: Effort
    monthly: Amounts
    is_estimate: bool
    resources: int
    subscriptions: tuple[str, ...]
    owners: tuple[str, ...]
    decision: Decision


@dataclass(frozen=True)
class SinceReview:
    """What changed since the previous review, in resources. `resolved` were removed, or no longer need action."""

    previous_at: datetime
    done: int
    new: int
    resolved: int
    resolved_monthly: Amounts


@dataclass(frozen=True)
class RoleToGrant:
    """One role that would let the next scan read more, and the subscriptions where it is missing."""

    role: str
    subscriptions: tuple[str, ...]


@dataclass(frozen=True)
class Overview:
    """The figures of one scan. `savings` is empty and `since` None until the review is published."""

    scan: Scan
    coverage: Coverage
    cost_gaps: tuple[str, ...]
    spend: tuple[Spend, ...]
    savings: tuple[Savings, ...]
    bases: frozenset[SavingBasis]
    actions: tuple[Action, ...]
    findings: int
    undecided: int
    window: ReviewWindow
    published_at: datetime | None
    since: SinceReview | None
    roles: tuple[RoleToGrant, ...]

    @property
    def is_reviewed(self) -> bool:
        """Return whether the review of this scan is published."""
        return self.published_at is not None

    @property
    def is_read_in_full(self) -> bool:
        """Return whether all data of all subscriptions was read."""
        return bool(self.coverage.subscriptions) and all(one.is_complete for one in self.coverage.subscriptions)

    @property
    def is_reviewable(self) -> bool:
        """Return whether the scan ended with data to review."""
        return self.scan.status in REVIEWABLE


def overview(services: Services, scan: Scan) -> Overview:
    """Return the scan's figures: ten SQL statements at most."""
    steps = services.steps.list(scan.key)
    totals = services.cost_totals.by_dimension(scan.key, (SERVICE, REFUND))
    published_at = services.reviews.get(scan.key).published_at
    published = _published(services, scan) if published_at else None
    read = coverage(steps, scan.left_out_json)
    spend = spend_figures(scan, totals[SERVICE], totals[REFUND])
    views = published.views if published else ()
    return Overview(
        scan=scan,
        coverage=read,
        cost_gaps=cost_gaps(read),
        spend=spend,
        savings=savings_figures(published, spend) if published else (),
        bases=published.totals.bases if published else frozenset(),
        actions=first_actions(views, read.subscription_names),
        findings=len(views),
        undecided=sum(view.standing.is_open for view in views),
        window=review_window(scan, published_at, services.clock.now()),
        published_at=published_at,
        since=since_review(published) if published else None,
        roles=roles_to_grant(read),
    )


def _published(services: Services, scan: Scan) -> PublishedFindings:
    return review(services.database, scan, is_summary=True)


def spend_figures(scan: Scan, services: Sequence[CostTotal], refunds: Sequence[CostTotal]) -> tuple[Spend, ...]:
    """Return what was billed in each currency, largest number of months first, then by code."""
    months = scan.period.months
    closed = -2 if is_open(months[-1], scan.requested_at.date()) and len(months) > 1 else -1
    found = []
    for currency in sorted({total.billing_currency for total in services}):
        own = [total for total in services if total.billing_currency == currency]
        figures = month_figures(own, months)
        total = sum_exactly(one.billed_cost for one in own)
        back = sum_exactly(one.billed_cost for one in refunds if one.billing_currency == currency)
        charged = [one for one in figures if one.amount is not None]
        found.append(Spend(currency, total, back, figures, figures[closed], total / max(len(charged), 1)))
    return tuple(found)


def savings_figures(published: PublishedFindings, spend: Sequence[Spend]) -> tuple[Savings, ...]:
    """Return what could be saved, in each currency that a finding has an amount in."""
    totals, average = published.totals, {one.currency: one.average for one in spend}
    commitments = [view for view in published.views if view.finding.measure is Measure.COMMIT and _counts(view)]
    offers = best(view.counted.own_estimate for view in commitments)
    found = []
    for currency in sorted({*totals.proven, *totals.estimated, *offers}):
        monthly = totals.proven.get(currency)
        share = share_of(monthly, average[currency]) if monthly is not None and currency in average else None
        found.append(
            Savings(
                currency=currency,
                monthly=monthly,
                yearly=totals.proven_yearly.get(currency),
                share_of_spend=share,
                estimated=totals.estimated.get(currency),
                best_commitment=max(
                    (
                        view.counted.own_estimate[currency]
                        for view in commitments
                        if currency in view.counted.own_estimate
                    ),
                    default=None,
                ),
                done=_done(published.views, currency),
                by_measure=by_measure(published.views, currency),
            )
        )
    return tuple(found)


def by_measure(views: Sequence[FindingView], currency: str) -> tuple[MeasureSavings, ...]:
    """Return the proven savings of one currency by kind of measure, largest first; they add up to the total."""
    counting = [view for view in views if _counts(view) and currency in view.counted.proven]
    sums = {
        measure: sum_exactly(view.counted.proven[currency] for view in counting if view.finding.measure is measure)
        for measure in dict.fromkeys(view.finding.measure for view in counting)
    }
    whole = sum_exactly(sums.values())
    found = [
        MeasureSavings(
            measure, amount, share_of(amount, whole), sum(view.finding.measure is measure for view in counting)
        )
        for measure, amount in sums.items()
    ]
    return tuple(sorted(found, key=lambda one: -one.monthly))


def _counts(view: FindingView) -> bool:
    """Whether the finding is part of the totals: all except those that the customer dismissed."""
    return not view.standing.is_set_aside


def _done(views: Sequence[FindingView], currency: str) -> Decimal | None:
    """Return the counted savings of findings that are marked as done as a whole."""
    amounts = [
        view.counted.proven[currency]
        for view in views
        if view.resources and len(view.standing.done) == len(view.resources) and currency in view.counted.proven
    ]
    return sum_exactly(amounts) if amounts else None


def first_actions(views: Sequence[FindingView], names: dict[str, str]) -> tuple[Action, ...]:
    """Return the actions to do first: what is still to do, proven amounts before Azure's estimates, largest first."""
    open_views = [view for view in views if _is_to_do(view) and (view.counted.proven or view.counted.own_estimate)]
    open_views.sort(key=lambda view: (not view.counted.proven, -_largest(view), view.finding.title))
    return tuple(_action(view, names) for view in open_views[:FIRST_ACTIONS])


def _is_to_do(view: FindingView) -> bool:
    return view.standing.is_open or view.standing.decision is Decision.ACCEPTED


def _largest(view: FindingView) -> Decimal:
    return max((view.counted.proven or view.counted.own_estimate).values())


def _action(view: FindingView, names: dict[str, str]) -> Action:
    ids = dict.fromkeys(each.sub_account_id.lower() for each in view.resources)
    return Action(
        finding_id=view.finding.finding_id,
        title=view.finding.title,
        measure=view.finding.measure,
        effort=view.finding.effort,
        monthly=view.counted.proven or view.counted.own_estimate,
        is_estimate=not view.counted.proven,
        resources=len(view.resources),
        subscriptions=tuple(subscription(one, names) for one in ids),
        owners=owners_of(view),
        decision=view.standing.decision,
    )


def owners_of(view: FindingView) -> tuple[str, ...]:
    """Return whom the customer named, or else who the resources' tags say own them, most resources first."""
    if view.state and view.state.owner:
        return (view.state.owner,)
    tags = Counter(each.owner_tag for each in view.resources if each.owner_tag)
    return tuple(owner for owner, _ in sorted(tags.items(), key=lambda item: (-item[1], item[0])))


def since_review(published: PublishedFindings) -> SinceReview | None:
    """Return what changed since the previous review; None for the first one."""
    if published.previous_at is None:
        return None
    ended = [one for one in published.fates if one.has_ended]
    return SinceReview(
        previous_at=published.previous_at,
        done=sum(len(view.standing.done) for view in published.views),
        new=sum(view.added for view in published.views),
        resolved=sum(one.resources for one in ended),
        resolved_monthly=added(one.estimated for one in ended),
    )


def roles_to_grant(read: Coverage) -> tuple[RoleToGrant, ...]:
    """Return each missing role once, with the names of the subscriptions where it is missing."""
    names: dict[str, dict[str, None]] = {}
    for grant in read.remedies:
        names.setdefault(grant.role, {})[grant.subscription_name] = None
    return tuple(RoleToGrant(role, tuple(subscriptions)) for role, subscriptions in names.items())
