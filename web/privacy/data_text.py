"""What is held, in a customer's words."""

from collections import Counter
from collections.abc import Mapping

from shared.arm.catalogue import COLLECTED

KINDS: Mapping[str, str] = {
    **{kind.name: f"{kind.title}: rows" for kind in COLLECTED},
    "raw_pages": "Answers of Azure, as they came",
    "cost_totals": "Totals made of the cost rows",
    "steps": "How the reading of each subscription went",
    "subscriptions": "How the reading of each subscription went",
    "scans": "Scans",
    "connections": "Consent, with the token encrypted",
    "outbox": "Mails: that they went, not their text",
    "dead_letters": "Messages that could not be worked on",
}

FINDINGS = "Findings, drafts among them, and what was decided about them"
REVIEW = "What our reviewers looked up"


def kind_of(table: str) -> str:
    """The words for a table."""
    return FINDINGS if table.startswith("finding") else KINDS.get(table, REVIEW)


def by_kind(rows: Mapping[str, int]) -> list[tuple[str, int]]:
    """Counts by kind, in the order of KINDS; kinds without any are left out."""
    found: Counter[str] = Counter()
    for table, count in rows.items():
        found[kind_of(table)] += count
    order = [*dict.fromkeys(KINDS.values()), FINDINGS, REVIEW]
    return [(kind, found[kind]) for kind in order if found[kind]]
