"""Labels of stored data for customers."""

from collections import Counter
from collections.abc import Mapping

from shared.arm.catalogue import COLLECTED

KINDS: Mapping[str, str] = {
    **{kind.name: f"{kind.rows_label[0].upper()}{kind.rows_label[1:]}" for kind in COLLECTED},
    "raw_pages": "Azure's original responses",
    "cost_totals": "Cost totals",
    "steps": "Status of each scan step",
    "subscriptions": "Status of each scan step",
    "scans": "Scans",
    "connections": "Consent, with the encrypted token",
    "outbox": "Emails sent (not their content)",
    "dead_letters": "Messages that failed processing",
}

FINDINGS = "Findings and drafts, and your decisions about them"
REVIEW = "Further data that our reviewers read"


def kind_of(table: str) -> str:
    """Return the label of a table."""
    return FINDINGS if table.startswith("finding") else KINDS.get(table, REVIEW)


def by_kind(rows: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return the counts by label, in the order of KINDS, without zeros."""
    found: Counter[str] = Counter()
    for table, count in rows.items():
        found[kind_of(table)] += count
    order = [*dict.fromkeys(KINDS.values()), FINDINGS, REVIEW]
    return [(kind, found[kind]) for kind in order if found[kind]]
