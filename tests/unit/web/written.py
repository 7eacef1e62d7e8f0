"""A finding that a reviewer writes, button by button."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select, update

from shared.core.findings import Finding
from shared.core.models import Scan
from shared.sql.collected.cost_lines import cost_lines
from shared.sql.collected.inventory import InventoryPages, InventoryRow, InventorySearch
from shared.sql.findings.findings import FindingParts, Findings
from shared.sql.scans.row_keys import row_bounds
from shared.sql.schema.tables import costs, inventory
from tests.support.collecting import TENANT
from tests.support.desk import Desk
from web.desk.findings.editor import desk_finding_save
from web.desk.findings.listing import desk_finding_create
from web.http.messages import Response


class Writing:
    """One finding in front of its reviewer. `form` is what the browser would send with the next button."""

    def __init__(self, desk: Desk, scan: Scan, finding_id: str = "") -> None:
        self.desk, self.scan = desk, scan
        self.finding_id = finding_id or self._created()
        self.form: dict[str, str] = {
            "title": "Idle things",
            "text": "They are **idle**.",
            "measure": "remove",
            "confidence": "high",
            "effort": "low",
            "use_billed_cost": "yes",
            "position": "0",
        }

    def _created(self) -> str:
        answer = self.desk.post(desk_finding_create, scan_id=self.scan.scan_id)
        assert answer.status == 303
        return answer.headers["Location"].rpartition("/")[2]

    def press(self, operation: str = "", **fields: str) -> Response:
        """Sends the form as it is now; an empty field is left out as browsers' forms are read."""
        given = {**self.form, "version": str(self.finding.version), "operation": operation, **fields}
        kept = {name: value for name, value in given.items() if value}
        return self.desk.post(desk_finding_save, kept, scan_id=self.scan.scan_id, finding_id=self.finding_id)

    def done(self, operation: str = "", **fields: str) -> "Writing":
        answer = self.press(operation, **fields)
        assert answer.status == 303, answer.body.decode()
        return self

    @property
    def finding(self) -> Finding:
        found = Findings(self.desk.parts.database).get(self.scan.key, self.finding_id)
        assert found is not None
        return found

    @property
    def parts(self) -> FindingParts:
        return Findings(self.desk.parts.database).parts(self.finding)


def dear(desk: Desk, scan: Scan, kind: str, count: int = 1) -> list[InventoryRow]:
    """Resources of a type whose id contains this, each with a cost in the last month."""
    found, _ = InventoryPages(desk.parts.database).find(scan.key, InventorySearch(text=kind), 0, 500)
    month = scan.period.months[-1]
    with desk.parts.database.reading(TENANT) as connection:
        lines = cost_lines(scan.key)
        of_month = select(lines.c.resource_id).where(lines.c.charge_period_start == month)
        billed = set(connection.execute(of_month, row_bounds(connection, scan.key)).scalars())
    chosen = [row for row in found if row.resource_id in billed][:count]
    assert len(chosen) == count
    return chosen


def rebill(desk: Desk, scan: Scan, resource_id: str, values: Mapping[str, Any]) -> None:
    """As a re-pull would leave it: the costs of one resource read again."""
    with desk.parts.database.transaction(TENANT) as connection:
        lines = cost_lines(scan.key)
        own = select(lines.c.row_id).where(lines.c.resource_id == resource_id)
        row_ids = connection.execute(own, row_bounds(connection, scan.key)).scalars().all()
        assert connection.execute(update(costs).where(costs.c.row_id.in_(row_ids)).values(values)).rowcount


def vanish(desk: Desk, scan: Scan, resource_id: str) -> None:
    """As a re-pull would leave it: the resource is not in the inventory any more."""
    with desk.parts.database.transaction(TENANT) as connection:
        own = (inventory.c.scan_id == scan.scan_id, inventory.c.resource_id == resource_id)
        assert connection.execute(delete(inventory).where(*own)).rowcount == 1
