"""P13: findings, or everything, are deleted on request at any time, by the customer and by an operator."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select, update

from collectors.registry import collector
from collectors.scan.run import collect
from shared.arm.endpoints import QUERY_COSTS
from shared.arm.request import ArmPage, ArmRequest, TokenSource
from shared.core.audit import Action, operator
from shared.core.deletions import DeletionState
from shared.core.periods import BACKUP_RETENTION_DAYS
from shared.deletion.service import DeletionSubject, continue_deletion, delete_customer
from shared.messaging.queues import DELETIONS
from shared.sql.deletion.deletion_rows import FINDINGS
from shared.sql.ledgers.audit import AuditLog
from shared.sql.scans.connections import Connections
from shared.sql.schema.finding_tables import finding_states
from shared.sql.schema.tables import TENANT_TABLES, dead_letters
from tests.support.browsing import Visit, cost_row, finished_scan
from tests.support.collecting import (
    FIRST,
    SECOND,
    TENANT,
    USER,
    ScriptedAzure,
    collecting_scan,
    cost_page,
    step_body,
    steps_of,
)
from tests.unit.shared.sql.deleting import filled
from web.customer.scans import scan_start
from web.privacy.data_rights import data_delete, data_receipt

COLLEAGUE = "44444444-4444-4444-8444-444444444444"
REVIEWER = operator("99999999-0000-4000-8000-000000000001", "rita@caleta.example")


@pytest.fixture
def visit(visit_of_a_customer: Visit) -> Visit:
    return visit_of_a_customer


def kept(visit: Visit) -> dict[str, int]:
    """The rows of the customer, by table; tables without any are left out."""
    with visit.parts.database.system_transaction() as connection:
        counts = {
            table.name: connection.execute(
                select(func.count()).select_from(table).where(table.c.tenant_id == TENANT)
            ).scalar_one()
            for table in (*TENANT_TABLES, dead_letters)
        }
    return {name: count for name, count in counts.items() if count}


def delete_everything(visit: Visit) -> str:
    answer = visit.visit(data_delete, "POST", form={"what": "everything"})
    assert answer.status == 303
    return answer.headers["Location"].rpartition("/")[2]


def consent(visit: Visit, user: str = USER) -> None:
    connections = Connections(visit.parts.database)
    connections.save(TENANT, user, "owner@contoso.example", b"token", visit.parts.clock.now())


def test_a_customer_deletes_everything_and_nothing_is_left(visit: Visit) -> None:
    consent(visit)
    finished_scan(visit.parts, [cost_row(FIRST, "1")] * 20, FIRST)
    before = kept(visit)
    visit.sign_in()
    receipt = visit.parts.receipts.get(delete_everything(visit))
    assert kept(visit) == {}
    assert receipt is not None
    assert (receipt.state, dict(receipt.counts)) == (DeletionState.DONE, before)


def test_a_customer_deletes_the_findings_alone_drafts_and_decisions_too(visit: Visit) -> None:
    consent(visit)
    scan = finished_scan(visit.parts, [cost_row(FIRST, "1")], FIRST)
    with visit.parts.database.transaction(TENANT) as connection:
        for table in FINDINGS:
            connection.execute(insert(table).values(filled(table, TENANT, scan.scan_id)))
        connection.execute(update(finding_states).values(user_object_id=USER))
    visit.sign_in()
    before = kept(visit)
    assert visit.visit(data_delete, "POST", form={"what": "findings", "scan": scan.scan_id}).status == 303
    names = {table.name for table in FINDINGS}
    assert names <= set(before)
    assert kept(visit) == {name: count for name, count in before.items() if name not in names}


def test_the_receipt_counts_what_was_deleted_and_says_when_backups_expire(visit: Visit) -> None:
    consent(visit)
    finished_scan(visit.parts, [cost_row(FIRST, "1")], FIRST)
    visit.sign_in()
    receipt = delete_everything(visit)
    visit.sign_in()
    page = visit.ask(data_receipt, receipt_id=receipt).body.decode()
    expiry = visit.parts.clock.now() + timedelta(days=BACKUP_RETENTION_DAYS)
    assert f"expire on {expiry.day} {expiry:%b %Y}, {BACKUP_RETENTION_DAYS} days after the deletion" in page
    assert "Cost records" in page


class Meanwhile(ScriptedAzure):
    """An Azure that answers while something else happens."""

    def __init__(self, act: Callable[[], object]) -> None:
        super().__init__()
        self.act: Callable[[], object] | None = act

    def send(self, request: ArmRequest, tokens: TokenSource, cursor: str | None = None) -> ArmPage:
        page = super().send(request, tokens, cursor)
        act, self.act = self.act, None
        if act:
            act()
        return page


@pytest.mark.parametrize("what", ["everything", "scan"])
def test_a_worker_in_the_middle_of_a_page_leaves_nothing_behind(visit: Visit, what: str) -> None:
    scan = collecting_scan(visit.parts, [("costs", FIRST), ("costs", SECOND)])
    visit.sign_in()
    form = {"what": what, "scan": scan.scan_id}
    azure = Meanwhile(lambda: visit.visit(data_delete, "POST", form=form))
    azure.pages[QUERY_COSTS.name, FIRST] = [cost_page(FIRST, "1", "2"), cost_page(FIRST, "3")]
    visit.parts.arm = azure
    steps = steps_of(visit.parts, scan)
    for step in steps:
        collect(visit.parts, collector("costs"), step_body(step))
    assert len(azure.calls) == 1
    assert kept(visit) == ({"connections": 1} if what == "scan" else {})


def test_after_it_the_customer_can_come_back_and_start_again(visit: Visit) -> None:
    consent(visit)
    visit.sign_in()
    delete_everything(visit)
    consent(visit)
    visit.parts.time.sleep(1)
    visit.sign_in()
    assert visit.visit(scan_start, "POST").status == 303
    assert kept(visit) == {"connections": 1, "scans": 1}


def test_an_operator_deletes_the_whole_customer_on_request_by_mail(visit: Visit) -> None:
    for user in (USER, COLLEAGUE):
        consent(visit, user)
        visit.sign_in(user)
    finished_scan(visit.parts, [cost_row(FIRST, "1")], FIRST)
    visit.parts.time.sleep(1)
    deletion = delete_customer(visit.parts, DeletionSubject(TENANT), REVIEWER, "Their mail of 23 November.")
    assert deletion.is_done
    assert kept(visit) == {}
    assert visit.visit(scan_start, "POST").status == 401
    (asked,) = [
        entry
        for entry in AuditLog(visit.parts.database).of_customer(TENANT)
        if entry.action is Action.DELETION_REQUESTED
    ]
    assert (asked.actor, asked.reason) == (REVIEWER, "Their mail of 23 November.")


def test_a_deletion_that_takes_long_continues_by_messages(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    finished_scan(visit.parts, [cost_row(FIRST, "1")] * 10, FIRST)
    visit.sign_in()
    monkeypatch.setattr("shared.deletion.service.PAGE_SECONDS", 0)
    receipt_id = delete_everything(visit)
    monkeypatch.setattr("shared.deletion.service.MESSAGE_SECONDS", 0)
    taken = 0
    while taken < len(visit.parts.outbox.of(DELETIONS.name)):
        message = visit.parts.outbox.of(DELETIONS.name)[taken]
        body = json.loads(message.body)
        assert (body["tenant_id"], body["receipt_id"]) == (TENANT, receipt_id)
        assert all(isinstance(part, int) for part in body.get("progress", ()))
        continue_deletion(visit.parts, message.body)
        taken += 1
    ids = [message.message_id for message in visit.parts.outbox.of(DELETIONS.name)]
    assert len(set(ids)) == len(ids) > 1
    assert kept(visit) == {}
    deletion = visit.parts.receipts.get(receipt_id)
    assert deletion is not None
    assert deletion.is_done
