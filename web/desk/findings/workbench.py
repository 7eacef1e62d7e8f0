"""What lies beside a finding while it is written: what it is about, what can be found and cited, what looks odd."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from shared.core import formats
from shared.core.finding_overlap import Amounts, added
from shared.core.findings import AffectedResource, Finding, Measure, Saving
from shared.core.models import Scan
from shared.core.money import a_year_of
from shared.evidence.offers import cited_again, offers_of_all, rows_of
from shared.evidence.readings import Readings, readings
from shared.sql.collected.inventory import InventoryRow, InventorySearch
from shared.sql.findings.edits import Edit, Parts
from shared.sql.findings.findings import FindingParts
from shared.wiring import Services
from web.desk.findings.form import Written
from web.desk.findings.operations import About, parts_of, recounted

RESULTS_SHOWN = 12
MOST_AT_ONCE = 200
QUERY_CHARACTERS = 200


@dataclass(frozen=True)
class Workbench:
    """One finding of one scan, and where the rows about it are."""

    services: Services
    scan: Scan
    finding: Finding
    parts: FindingParts
    read: Readings

    @classmethod
    def of(cls, services: Services, scan: Scan, finding: Finding) -> "Workbench":
        """As it is stored now."""
        steps = services.steps.list(scan.tenant_id, scan.scan_id)
        return cls(services, scan, finding, services.findings.parts(finding), readings(steps))

    def currencies(self) -> list[str]:
        """What the customer is billed in."""
        return self.services.cost_explorer.currencies(self.scan.tenant_id, self.scan.scan_id)

    def search(self, text: str, limit: int = RESULTS_SHOWN) -> tuple[list[InventoryRow], int]:
        """The first resources of this scan that the text is found in, and how many there are in all."""
        if not text.strip():
            return [], 0
        wanted = InventorySearch(text=text.strip()[:QUERY_CHARACTERS])
        pages = self.services.inventory_pages
        return pages.find(self.scan.tenant_id, self.scan.scan_id, wanted, 0, limit)

    def about(self, found: Sequence[InventoryRow] = ()) -> About:
        """What the finding is about, with the stored rows of its resources and of these."""
        own = (*self.parts.resources, *self.parts.left_out)
        ids = [*(each.resource_id for each in own), *(row.resource_id for row in found)]
        rows = self.services.evidence_rows(self.scan.tenant_id, self.scan.scan_id)
        return About(
            resources=self.parts.resources,
            left_out=self.parts.left_out,
            evidence=self.finding.evidence,
            rows=rows_of(rows, self.scan, self.read, ids),
            is_written=self.finding.is_written,
            found=found,
        )

    def changed(self, given: Written, edit: Edit) -> Parts | None:
        """What the pressed button and the saving chosen make of its parts; None for no change. Raises CannotAct."""
        about = self.about(self._wanted(given))
        parts = parts_of(about, given)
        if self.finding.is_written and (parts or edit.saving_from is not self.finding.saving_from):
            parts = parts or Parts(about.resources, about.left_out, about.evidence, None)
            parts = replace(parts, resources=recounted(parts.resources, about.rows, edit.saving_from))
        if parts is None:
            return None
        return replace(parts, evidence=cited_again(parts.evidence, offers_of_all(about.rows, parts.resources)))

    def _wanted(self, given: Written) -> Sequence[InventoryRow]:
        """The resources that are to be added."""
        word, _, rest = given.act.partition(" ")
        if word == "add-all":
            return self.search(given.q, MOST_AT_ONCE)[0]
        if word != "add":
            return ()
        return self.services.inventory_pages.named(self.scan.tenant_id, self.scan.scan_id, [rest.lower()])


def billed_together(about: About, resources: Sequence[AffectedResource]) -> Amounts:
    """What they were billed in the last complete month, by currency."""
    amounts = about.rows.billed.amounts
    ids = {each.resource_id for each in resources}
    return added(amounts.get(resource_id, {}) for resource_id in sorted(ids))


def warnings_of(about: About, measure: Measure, named: Sequence[Saving]) -> list[str]:
    """What looks odd about a saving that was named by hand. It is said, and not forbidden."""
    if not named or measure is Measure.COMMIT:
        return []
    if not about.resources:
        return ["The finding names no resource, so nothing that we have read bears out its saving."]
    if any(each.sub_account_id.lower() not in about.rows.known for each in about.resources):
        return []
    billed, month = billed_together(about, about.resources), formats.month(about.rows.months[-1])
    return [sentence for saving in named for sentence in _odd(saving, billed.get(saving.currency, Decimal(0)), month)]


def _odd(saving: Saving, billed: Decimal, month: str) -> list[str]:
    cost = formats.money(billed, saving.currency)
    found = []
    if saving.monthly > billed:
        found.append(f"The saving is more than all its resources were billed in {month}: {cost}.")
    if saving.yearly > a_year_of(billed) and saving.named_year is not None:
        found.append(f"The saving of a year is more than twelve times what they were billed in {month}: {cost}.")
    return found
