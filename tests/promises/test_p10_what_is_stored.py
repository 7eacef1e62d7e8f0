"""P10: what is stored are the raw answers of Azure and what was made of them for the customer."""

import gzip
import json
from pathlib import Path

from sqlalchemy import select

from collectors.costs import COLLECTOR
from collectors.scan.run import collect
from shared.arm.catalogue import COLLECTED
from shared.core.models import StepStatus
from shared.sql.schema.tables import metadata, raw_pages
from tests.support.arm_replay import Reply, Wire, client
from tests.support.collecting import FIRST, TENANT, Surroundings, collecting_scan, cost_page, step_body, steps_of

PURPOSES = {
    "connections": "consents, with the refresh token encrypted",
    "scans": "which scans there were",
    "steps": "how far each got",
    "raw_pages": "Azure's answers as they came",
    **{kind.name: "made of Azure's answers" for kind in COLLECTED},
    "cost_resources": "made of Azure's answers: the resources of cost rows",
    "cost_charges": "made of Azure's answers: the meters and currencies of cost rows",
    "cost_totals": "sums of the costs",
    "charge_totals": "sums of the charges by kind",
    "reviews": "who reviews a scan and when it was published",
    "operator_jobs": "what a reviewer asked for, why, and how far it got",
    "job_pages": "Azure's answers to a re-pull that is under way",
    "adhoc_results": "made of Azure's answers",
    "metric_series": "made of Azure's answers",
    "subscriptions": "what a scan learned of its subscriptions",
    "findings": "what was written for the customer",
    "finding_resources": "what was written for the customer: the resources and the evidence",
    "finding_savings": "what was written for the customer: the savings",
    "finding_versions": "what was written for the customer, as it was before",
    "finding_proposals": "what was written for the customer: its figures after the rows were read again",
    "finding_states": "what the customer decided about a finding",
    "finding_ledger": "what became of the resources of published findings, and what that saved",
    "outbox": "mail that is to be sent, without its text",
    "audit_events": "who did what, when and why",
    "audit_cutoffs": "up to when the record of acts was deleted",
    "dead_letters": "messages of identifiers that failed processing",
    "purges": "what is being deleted: identifiers, until the last row is deleted",
    "deletion_ledger": "what was deleted and when, by pseudonyms",
    "purge_runs": "when the nightly deletion ran",
    "purge_run_results": "what the nightly deletion deleted",
}


def test_there_is_no_table_for_anything_else() -> None:
    assert {table.name for table in metadata.sorted_tables} == set(PURPOSES)


def test_a_raw_page_is_azures_answer_byte_for_byte_in_gzip(tmp_path: Path) -> None:
    body = json.dumps(cost_page(FIRST, "1.10", "-2"), default=float, indent=1, ensure_ascii=False).encode()
    parts = Surroundings(tmp_path)
    parts.arm = client(Wire(Reply(body=body, headers={"Content-Type": "application/json"})), clock=parts.time)
    scan = collecting_scan(parts, [(COLLECTOR.name, FIRST)])
    (step,) = steps_of(parts, scan)
    collect(parts, COLLECTOR, step_body(step))
    assert steps_of(parts, scan)[0].status is StepStatus.SUCCEEDED
    with parts.database.reading(TENANT) as connection:
        (page,) = connection.execute(select(raw_pages))
    assert page.body_gzip[:2] == b"\x1f\x8b"
    assert gzip.decompress(page.body_gzip) == body
    parts.database.dispose()


def test_no_request_header_or_token_is_kept_with_it(tmp_path: Path) -> None:
    body = json.dumps(cost_page(FIRST, "1"), default=float).encode()
    parts = Surroundings(tmp_path)
    wire = Wire(Reply(body=body, headers={"Content-Type": "application/json", "x-ms-request-id": "an-id-of-azure"}))
    parts.arm = client(wire, clock=parts.time)
    scan = collecting_scan(parts, [(COLLECTOR.name, FIRST)])
    collect(parts, COLLECTOR, step_body(steps_of(parts, scan)[0]))
    with parts.database.system_transaction() as connection:
        stored = [str(tuple(row)) for table in metadata.sorted_tables for row in connection.execute(select(table))]
    assert wire.sent[0].headers["Authorization"] == "Bearer an access token"
    assert [row for row in stored if "an access token" in row or "an-id-of-azure" in row] == []
    parts.database.dispose()
