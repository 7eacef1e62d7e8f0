"""A reviewer's judgement in the organisation's latest published review, carried into the drafts of the next scan.

Excluded resources stay excluded, discarded findings stay discarded, and paragraphs that a reviewer added to a rule's
text are added again. Drafts say so in `to_check`; a reviewer can undo each of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from findings.registry import ADVISOR_RULES, RULES
from shared.core.findings import AffectedResource, DraftFinding, Finding, FindingStatus
from shared.core.formats import day
from shared.core.models import Scan, ScanKey
from shared.sql.engine.engine import Database
from shared.sql.findings.decisions import FindingStates
from shared.sql.findings.findings import Findings
from shared.sql.scans.scans import Scans

TITLES = {
    **{f"rule:{rule.name}": rule.text.title_for for rule in RULES},
    **{f"rule:{rule.name}": rule.text.title_for for rule in ADVISOR_RULES},
}
"""Titles by the number of resources, by finding key."""

ResourceKey = tuple[str, str]
"""The id and name of a resource: all commitments of one subscription share its id."""


@dataclass(frozen=True)
class Judgement:
    """What a reviewer did to a rule's finding. `added_text` has the paragraphs that the rule did not write."""

    finding: Finding
    excluded: frozenset[ResourceKey]
    added_text: str

    @property
    def is_discarded(self) -> bool:
        return self.finding.status is FindingStatus.DISCARDED


@dataclass(frozen=True)
class EarlierReview:
    """The judgements of one published review by finding key; `scan` None: there was no review."""

    scan: Scan | None
    judgements: Mapping[str, Judgement]

    def applied(self, draft: DraftFinding) -> DraftFinding:
        """Return a rule's draft as the reviewer would have it."""
        judgement = self.judgements.get(draft.key)
        if judgement is None or self.scan is None:
            return draft
        excluded = tuple(each for each in draft.resources if key_of(each) in judgement.excluded)
        kept = tuple(each for each in draft.resources if key_of(each) not in judgement.excluded)
        if not (excluded or judgement.added_text or judgement.is_discarded):
            return draft
        title = TITLES[draft.key](len(kept)) if excluded and kept and draft.key in TITLES else draft.title
        return replace(
            draft,
            title=title,
            text="\n\n".join(filter(None, (draft.text, judgement.added_text))),
            resources=kept,
            excluded=excluded,
            carried_text=judgement.added_text or None,
            is_discarded=judgement.is_discarded or not kept,
            carried_from=self.scan.scan_id,
            to_check=_to_check(self.scan, excluded, judgement),
        )


def earlier_review(database: Database, scan: Scan) -> EarlierReview:
    """Read the judgements of the latest review that was published before this scan, of any user of the organisation.

    Added text is carried for the same user only: it may name what a colleague cannot read.
    """
    before_id = FindingStates(database, scan.tenant_id, scan.user_object_id).reviewed_before(scan)
    before = Scans(database).get(ScanKey(scan.tenant_id, before_id)) if before_id else None
    if before is None:
        return EarlierReview(None, {})
    stored = Findings(database)
    excluded, by_rules = stored.excluded(before.key), stored.texts_by_rules(before.key)
    is_same_user = before.user_object_id == scan.user_object_id
    return EarlierReview(
        before,
        {
            one.key: Judgement(
                one,
                frozenset(map(key_of, excluded.get(one.finding_id, ()))),
                added_text(one, by_rules.get(one.finding_id, "")) if is_same_user else "",
            )
            for one in stored.of_scan(before.key)
            if not one.is_written
        },
    )


def added_text(finding: Finding, text_by_rule: str) -> str:
    """Return the paragraphs that a reviewer added, in this review or an earlier one, and that are still there."""
    carried, by_rule = _paragraphs(finding.carried_text or ""), _paragraphs(text_by_rule)
    return "\n\n".join(each for each in _paragraphs(finding.text) if each in carried or each not in by_rule)


def _paragraphs(text: str) -> list[str]:
    lines = text.replace("\r\n", "\n").split("\n\n")
    return [each.strip() for each in lines if each.strip()]


def key_of(resource: AffectedResource) -> ResourceKey:
    """Return the key of a resource within its finding."""
    return resource.resource_id, resource.resource_name


def _to_check(before: Scan, excluded: Iterable[AffectedResource], judgement: Judgement) -> str:
    names = ", ".join(each.resource_name for each in excluded)
    said = [
        f"excluded {names}" if names else "",
        "added text" if judgement.added_text else "",
        "discarded this finding" if judgement.is_discarded else "",
    ]
    done = " and ".join(filter(None, said))
    return f"In the review of {day(before.requested_at)} we {done}: check that it still holds."
