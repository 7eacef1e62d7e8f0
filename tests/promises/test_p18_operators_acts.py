"""P18, at the desk: an act of an operator whose record cannot be written does not happen, whichever route it is."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select, text

from function_app import app
from local.host.functions import index
from shared.core.audit import Action
from shared.core.findings import FindingStatus
from shared.core.models import Scan
from shared.sql.ledgers.audit import AuditEntry, AuditLog
from shared.sql.scans.connections import Connections
from shared.sql.schema.tables import metadata
from tests.support.collecting import TENANT, USER
from tests.support.desk import ADMINS_ROLE, COLLEAGUE, REVIEWER, Desk
from tests.unit.web.dead_letters import poisoned_step, replay
from tests.unit.web.desk.findings.test_listing import form
from tests.unit.web.desk.test_customer_deletion import FORM as DELETION
from tests.unit.web.desk.test_customer_export import FORM as EXTRACT
from tests.unit.web.desk.test_customer_sessions import FORM as SIGN_OUT
from tests.unit.web.desk.test_job_requests import COSTS, KQL, METRICS, with_a_machine
from tests.unit.web.reviewed import drafted, of_scan
from web.desk.customer_deletion import desk_customer_delete
from web.desk.customer_export import desk_customer_audit, desk_customer_data
from web.desk.customer_sessions import desk_customer_sign_out
from web.desk.findings.editor import desk_finding_save
from web.desk.findings.listing import desk_finding_create, desk_finding_status
from web.desk.findings.publish import desk_publish
from web.desk.jobs import desk_repull
from web.desk.metrics import desk_metrics_fetch
from web.desk.queries import desk_query_costs, desk_query_resources
from web.desk.reviews import desk_assign, desk_claim
from web.error_pages import Handler


def seen(desk: Desk, scan: Scan) -> dict[str, str]:
    drafts = of_scan(desk, scan, FindingStatus.DRAFT)
    return {"seen": " ".join(f"{one.finding_id}:{one.version}" for one in drafts)}


@dataclass(frozen=True)
class Act:
    """A reviewer's act: its handler, what is posted, and what it leaves on record."""

    handler: Handler
    action: Action
    form: Mapping[str, str] | Callable[[Desk, Scan], Mapping[str, str]]
    scan: Callable[[Desk], Scan] = with_a_machine

    def post(self, desk: Desk, scan: Scan) -> int:
        form = self.form(desk, scan) if callable(self.form) else self.form
        return desk.post(self.handler, form, scan_id=scan.scan_id).status


ACTS = {
    "desk_claim": Act(desk_claim, Action.REVIEW_CLAIMED, {"reason": "mine"}),
    "desk_assign": Act(desk_assign, Action.REVIEW_HANDED_OVER, {"to": REVIEWER.user_object_id, "reason": "ill"}),
    "desk_repull": Act(desk_repull, Action.REPULL, {"target": "everything", "reason": "odd"}),
    "desk_query_resources": Act(desk_query_resources, Action.QUERY, KQL),
    "desk_query_costs": Act(desk_query_costs, Action.QUERY, COSTS),
    "desk_metrics_fetch": Act(desk_metrics_fetch, Action.METRICS_FETCHED, METRICS),
    "desk_finding_create": Act(desk_finding_create, Action.FINDING_CREATED, {"title": "A finding"}, drafted),
    "desk_publish": Act(desk_publish, Action.FINDINGS_PUBLISHED, seen, drafted),
}

ELSEWHERE = {
    "desk_sign_in": "It sends the browser to Entra; how that ends is recorded at the callback.",
    "desk_session_end": "It ends sessions of our own, which are no customer's.",
    "desk_sign_out": "It ends a session of our own, which is no customer's.",
    "desk_finding_save": "shown below, of one finding",
    "desk_finding_status": "shown below, of one finding",
    "desk_dead_letter_replay": "shown below, of one dead letter",
}
OF_CUSTOMERS: dict[str, tuple[Handler, Mapping[str, str]]] = {
    "desk_customer_audit": (desk_customer_audit, EXTRACT),
    "desk_customer_data": (desk_customer_data, EXTRACT),
    "desk_customer_delete": (desk_customer_delete, DELETION),
    "desk_customer_sign_out": (desk_customer_sign_out, SIGN_OUT),
}
"""What an administrator of the desk does to a whole customer."""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.close()


def state(desk: Desk) -> dict[str, Any]:
    """Everything that is stored or on its way."""
    with desk.parts.database.system_transaction() as connection:
        rows = {table.name: sorted(map(repr, connection.execute(select(table)))) for table in metadata.sorted_tables}
    return {**rows, "messages": list(desk.parts.outbox.sent)}


def break_the_log(connection: Connection) -> None:
    connection.execute(
        text("CREATE TRIGGER full BEFORE INSERT ON audit_events BEGIN SELECT RAISE(ABORT, 'no room for a record'); END")
    )


def entries(desk: Desk) -> list[AuditEntry]:
    return AuditLog(desk.parts.database).of_customer(TENANT, limit=1000)


def test_every_route_by_which_one_of_us_acts_is_here() -> None:
    posts = {one.name for one in index(app).http if one.route.startswith("desk") and "POST" in (one.methods or ())}
    assert posts == {*ACTS, *ELSEWHERE, *OF_CUSTOMERS}


@pytest.mark.parametrize("name", ACTS)
def test_an_act_is_on_record_with_who_did_it_to_which_customer(desk: Desk, name: str) -> None:
    act = ACTS[name]
    scan = act.scan(desk)
    desk.sign_in()
    before = {entry.event_id for entry in entries(desk)}
    assert act.post(desk, scan) == 303
    found = [one for one in entries(desk) if one.event_id not in before and one.action is act.action]
    assert [(one.actor.object_id, one.actor.name, one.tenant_id) for one in found] == [
        (REVIEWER.user_object_id, REVIEWER.username, TENANT)
    ]
    assert found[0].occurred_at == desk.parts.clock.now()


@pytest.mark.parametrize("name", ACTS)
def test_an_act_whose_record_cannot_be_written_does_not_happen(desk: Desk, name: str) -> None:
    act = ACTS[name]
    scan = act.scan(desk)
    desk.sign_in()
    with desk.parts.database.system_transaction() as connection:
        break_the_log(connection)
    before = state(desk)
    assert act.post(desk, scan) == 500
    assert state(desk) == before


@pytest.mark.parametrize("handler", [desk_finding_save, desk_finding_status])
def test_an_edit_whose_record_cannot_be_written_is_not_made(desk: Desk, handler: Handler) -> None:
    scan = drafted(desk)
    finding = of_scan(desk, scan, FindingStatus.DRAFT)[0]
    desk.sign_in()
    given = {**form(finding, title="Another"), "status": FindingStatus.DISCARDED}
    with desk.parts.database.system_transaction() as connection:
        break_the_log(connection)
    before = state(desk)
    answer = desk.post(handler, given, scan_id=scan.scan_id, finding_id=finding.finding_id)
    assert answer.status == 500
    assert state(desk) == before


@pytest.mark.parametrize("name", OF_CUSTOMERS)
def test_no_extract_leaves_and_nothing_is_deleted_whose_record_cannot_be_written(desk: Desk, name: str) -> None:
    handler, given = OF_CUSTOMERS[name]
    desk.consented_scan()
    desk.parts.time.sleep(60)
    desk.sign_in(COLLEAGUE, ADMINS_ROLE)
    with desk.parts.database.system_transaction() as connection:
        break_the_log(connection)
    before = state(desk)
    answer = desk.post(handler, given, tenant_id=TENANT)
    assert (answer.status, "Content-Disposition" in answer.headers) == (500, False)
    assert state(desk) == before


def test_no_dead_letter_is_sent_again_whose_record_cannot_be_written(desk: Desk) -> None:
    desk.sign_in()
    Connections(desk.parts.database).save(TENANT, USER, "owner@contoso.example", b"token", desk.parts.clock.now())
    poisoned_step(desk)
    with desk.parts.database.system_transaction() as connection:
        break_the_log(connection)
    before = state(desk)
    assert replay(desk).status == 500
    assert state(desk) == before
