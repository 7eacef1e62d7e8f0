"""The data behind the editor of a finding: its resources, the inventory search, evidence and warnings."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from shared.core import formats
from shared.core.finding_overlap import Amounts, added
from shared.core.findings import AffectedResource, Finding, Measure, Saving
from shared.core.models import Scan
from shared.core.money import a_year_of
from shared.evidence.fully_read import FullyReadSubscriptions, fully_read
from shared.evidence.offers import cited_again, offers_of_all, stored_evidence
from shared.sql.collected.inventory import InventoryRow, InventorySearch
from shared.sql.findings.edits import Edit, FindingContent
from shared.sql.findings.findings import FindingParts
from shared.wiring import Services
from web.desk.findings.form import FindingForm
from web.desk.findings.operations import FindingContext, edited_content, recounted

RESULTS_SHOWN = 12
MAX_ADDED_AT_ONCE = 200
QUERY_CHARACTERS = 200


@dataclass(frozen=True)
class Workbench:
    """A finding with its scan and the stored rows about it."""

    services: Services
    scan: Scan
    finding: Finding
    parts: FindingParts
    read: FullyReadSubscriptions

    @classmethod
    def of(cls, services: Services, scan: Scan, finding: Finding) -> "Workbench":
        """Load the finding as it is stored now."""
        steps = services.steps.list(scan.key)
        return cls(services, scan, finding, services.findings.parts(finding), fully_read(steps))

    def currencies(self) -> list[str]:
        """Return the currencies the customer is billed in."""
        return self.services.cost_explorer.currencies(self.scan.key)

    def search(self, text: str, limit: int = RESULTS_SHOWN) -> tuple[list[InventoryRow], int]:
        """Return the first resources of this scan that contain the text, and the total count."""
        if not text.strip():
            return [], 0
        wanted = InventorySearch(text=text.strip()[:QUERY_CHARACTERS])
        pages = self.services.inventory_pages
        return pages.find(self.scan.key, wanted, 0, limit)

    def context(self, found: Sequence[InventoryRow] = ()) -> FindingContext:
        """Return the finding's resources and evidence, with the stored rows of its resources and of `found`."""
        own = (*self.parts.resources, *self.parts.excluded)
        ids = [*(each.resource_id for each in own), *(row.resource_id for row in found)]
        rows = self.services.evidence_rows(self.scan.key)
        return FindingContext(
            resources=self.parts.resources,
            excluded=self.parts.excluded,
            evidence=self.finding.evidence,
            rows=stored_evidence(rows, self.scan, self.read, ids),
            is_written=self.finding.is_written,
            found=found,
        )

    def changed(self, form: FindingForm, edit: Edit) -> FindingContent | None:
        """Apply the pressed button and the savings option; None for no change. Raises OperationRefused."""
        context = self.context(self._wanted(form))
        parts = edited_content(context, form)
        if self.finding.is_written and (parts or edit.saving_from is not self.finding.saving_from):
            parts = parts or FindingContent(context.resources, context.excluded, context.evidence, None)
            parts = replace(parts, resources=recounted(parts.resources, context.rows, edit.saving_from))
        if parts is None:
            return None
        return replace(parts, evidence=cited_again(parts.evidence, offers_of_all(context.rows, parts.resources)))

    def _wanted(self, form: FindingForm) -> Sequence[InventoryRow]:
        """Return the resources to add."""
        word, _, rest = form.operation.partition(" ")
        if word == "add-all":
            return self.search(form.q, MAX_ADDED_AT_ONCE)[0]
        if word != "add":
            return ()
        return self.services.inventory_pages.named(self.scan.key, [rest.lower()])


def billed_together(context: FindingContext, resources: Sequence[AffectedResource]) -> Amounts:
    """Return the billed cost of the resources in the last complete month, by currency."""
    amounts = context.rows.billed.amounts
    ids = {each.resource_id for each in resources}
    return added(amounts.get(resource_id, {}) for resource_id in sorted(ids))


def warnings_of(context: FindingContext, measure: Measure, named: Sequence[Saving]) -> list[str]:
    """Return warnings about manually entered savings. They do not prevent saving."""
    if not named or measure is Measure.COMMIT:
        return []
    if not context.resources:
        return ["The finding lists no resources, so no stored data supports these savings."]
    if any(each.sub_account_id.lower() not in context.rows.known for each in context.resources):
        return []
    billed, month = billed_together(context, context.resources), formats.month(context.rows.months[-1])
    return [
        sentence for saving in named for sentence in _warnings(saving, billed.get(saving.currency, Decimal(0)), month)
    ]


def _warnings(saving: Saving, billed: Decimal, month: str) -> list[str]:
    cost = formats.money(billed, saving.currency)
    found = []
    if saving.monthly > billed:
        found.append(f"The monthly saving is more than the billed cost of all its resources in {month}: {cost}.")
    if saving.yearly > a_year_of(billed) and saving.named_year is not None:
        found.append(f"The yearly saving is more than twelve times the billed cost in {month}: {cost}.")
    return found
