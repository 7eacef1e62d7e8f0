"""P19: the customer reads its own activity log, on a page and as CSV and JSON."""

import csv
import io
import json

import pytest

from shared.core.audit import Action, AuditEvent, Outcome, Subject, operator
from shared.core.models import Scan
from shared.sql.ledgers.audit import AuditLog
from shared.sql.scans.scans import Scans
from tests.support.entra_double import TENANT, USER
from tests.support.signing_in import SigningIn
from web.customer.scans import scan_list
from web.privacy.activity import audit_csv, audit_json, audit_page

REVIEWER = operator("99999999-0000-4000-8000-000000000001", "rita@caleta.example")
OPERATORS_ACTIONS = tuple(action for action in Action if action not in (Action.CONSENT_GIVEN, Action.SCAN_STARTED))
"""All but what the customer of these tests does: no kind of act is left out, whatever it is."""


def reviewed(site: SigningIn) -> Scan:
    """A customer whose scan a reviewer has worked on."""
    site.sign_in()
    scan = Scans(site.parts.database).latest(TENANT, USER)
    assert scan is not None
    for action in OPERATORS_ACTIONS:
        event = AuditEvent(
            site.clock.now(),
            TENANT,
            REVIEWER,
            action,
            Outcome.DONE,
            user_object_id=USER,
            subject=Subject("scan", scan.scan_id),
            reason=f"The reason of {action}",
        )
        AuditLog(site.parts.database).append(event)
    return scan


@pytest.mark.parametrize("action", OPERATORS_ACTIONS)
def test_what_an_operator_did_is_there_in_all_three_forms(site: SigningIn, action: Action) -> None:
    scan = reviewed(site)
    page = site.get(audit_page, {"action": action}).body.decode()
    assert "rita@caleta.example" in page
    assert f"The reason of {action}" in page
    (entry,) = json.loads(site.get(audit_json, {"action": action}).body)["entries"]
    assert (entry["actor_name"], entry["action"], entry["subject_id"]) == (REVIEWER.name, action, scan.scan_id)
    (row,) = csv.DictReader(io.StringIO(site.get(audit_csv, {"action": action}).body.decode(), newline=""))
    assert (row["actor_name"], row["reason"]) == (REVIEWER.name, f"The reason of {action}")


def test_the_customers_own_acts_are_there_as_well(site: SigningIn) -> None:
    reviewed(site)
    actions = [entry["action"] for entry in json.loads(site.get(audit_json).body)["entries"]]
    assert actions[-2:] == [Action.SCAN_STARTED, Action.CONSENT_GIVEN]


def test_every_page_of_a_signed_in_customer_leads_there(site: SigningIn) -> None:
    site.sign_in()
    assert b'<a href="/audit">Activity log</a>' in site.get(scan_list).body
