"""P18: every action of consequence is on record; one whose record cannot be written does not happen."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select, text

from function_app import app
from local.host.functions import HttpFunction, index
from shared.core.audit import Action, ActorKind, Outcome
from shared.core.errors import ConsentRevoked
from shared.core.models import ScanStatus
from shared.core.periods import AUDIT_MONTHS, RETENTION_MONTHS
from shared.sql.ledgers.audit import AuditEntry, AuditLog
from shared.sql.scans.scans import Scans
from shared.sql.schema.record_tables import audit_events
from shared.sql.schema.tables import metadata
from tests.support.entra_double import TENANT, USER
from tests.support.signing_in import SigningIn
from web.customer.consent import consent_callback, disconnect
from web.customer.landing import signout
from web.customer.mail_address import mail_address_confirm, mail_address_enter
from web.customer.scans import scan_start
from web.http.messages import Response
from web.privacy.data_rights import data_delete
from web.privacy.download import data_download

TESTS = Path(__file__).resolve().parents[1]

EXEMPT = {
    "desk_sign_in": "It sends the browser to Entra and decides nothing; how that ends is recorded at the callback.",
    "consent_admin_start": "It sends the browser to Entra; a failure is recorded at the callback, and a page follows.",
    "sign_in_start": "It sends the browser to Entra and decides nothing; how that ends is recorded at the callback.",
    "consent_start": "It sends the browser to Entra and decides nothing; how that ends is recorded at the callback.",
}
"""POST routes that need no record, each with its reason."""

SHOWN_ELSEWHERE = {
    "finding_plan": (
        "unit/web/customer/test_savings.py",
        "test_a_plan_has_owner_due_date_and_note_and_outlives_a_decision",
    ),
    "session_end": ("unit/web/customer/test_sessions.py", "test_signing_out_everywhere_ends_all_and_is_logged"),
    "desk_session_end": ("unit/web/desk/test_sessions.py", "test_signing_out_everywhere_ends_all_and_is_logged"),
    "desk_sign_out": ("unit/web/desk/test_sign_in.py", "test_signing_out_ends_the_session"),
    "desk_claim": ("unit/web/desk/test_reviews.py", "test_claiming_a_review_assigns_it_to_me_and_is_logged"),
    "desk_repull": ("unit/web/desk/test_job_requests.py", "test_a_re_pull_is_logged_before_its_message_is_sent"),
    "desk_query_resources": ("unit/web/desk/test_job_requests.py", "test_a_query_is_logged_with_its_text"),
    "desk_query_costs": ("unit/web/desk/test_job_requests.py", "test_a_cost_query_is_logged"),
    "desk_metrics_fetch": ("unit/web/desk/test_job_requests.py", "test_a_metrics_request_is_logged_with_the_resources"),
    "desk_dead_letter_replay": (
        "unit/web/desk/test_dead_letters.py",
        "test_a_replay_is_logged_and_the_customer_can_read_it",
    ),
    "desk_assign": (
        "unit/web/desk/test_reviews.py",
        "test_reassigning_needs_a_reason_and_can_return_a_review_to_the_queue",
    ),
    "desk_customer_audit": (
        "unit/web/desk/test_customer_export.py",
        "test_an_export_holds_the_whole_log_and_is_itself_logged",
    ),
    "desk_customer_data": (
        "unit/web/desk/test_customer_export.py",
        "test_all_data_of_all_users_is_exported_as_one_file_and_logged",
    ),
    "desk_customer_sign_out": ("unit/web/desk/test_customer_sessions.py", "test_it_is_on_record_with_its_reason"),
    "desk_customer_delete": (
        "unit/web/desk/test_customer_deletion.py",
        "test_all_data_is_deleted_and_the_request_is_in_the_activity_log",
    ),
    "desk_finding_create": ("unit/web/desk/findings/test_listing.py", "test_a_reviewer_can_write_a_finding"),
    "desk_finding_save": ("unit/web/desk/findings/test_listing.py", "test_saving_creates_a_version_and_is_logged"),
    "desk_finding_status": ("unit/web/desk/findings/test_listing.py", "test_discarding_a_draft_is_logged"),
    "desk_publish": (
        "unit/web/desk/findings/test_listing.py",
        "test_publishing_ends_the_review_notifies_the_customer_and_is_logged",
    ),
    "api_token_create": ("unit/web/api/test_tokens.py", "test_creating_and_revoking_are_in_the_activity_log"),
    "api_token_revoke": ("unit/web/api/test_tokens.py", "test_creating_and_revoking_are_in_the_activity_log"),
    "scan_export": ("unit/web/exports/test_exports.py", "test_asking_and_downloading_are_in_the_activity_log"),
    "data_export": ("unit/web/exports/test_exports.py", "test_building_all_data_is_in_the_activity_log"),
    "finding_decision": ("unit/web/customer/test_findings.py", "test_a_decision_is_kept_and_on_record"),
}
"""Routes whose record another test shows: the file under tests/, and the name of the test."""


@dataclass(frozen=True)
class Scenario:
    """A signed-in customer's act, and what it has to leave on record."""

    act: Callable[[SigningIn], Response]
    action: Action


def everything(site: SigningIn) -> Response:
    return site.post(data_delete, {"what": "everything"})


def start(site: SigningIn) -> Response:
    scan = Scans(site.parts.database).latest(TENANT, USER)
    assert scan is not None
    Scans(site.parts.database).finish(scan.key, ScanStatus.FAILED, None, site.clock.now())
    return site.post(scan_start)


def confirm_address(site: SigningIn) -> Response:
    code = site.parts.mail_confirmations.start(TENANT, USER, "costs@contoso.example")
    return site.post(mail_address_confirm, code=code)


POSTS = {
    "signout": Scenario(lambda site: site.post(signout), Action.SIGNED_OUT),
    "disconnect": Scenario(lambda site: site.post(disconnect), Action.DISCONNECTED),
    "mail_address_enter": Scenario(
        lambda site: site.post(mail_address_enter, {"address": "costs@contoso.example"}),
        Action.MAIL_ADDRESS_ENTERED,
    ),
    "mail_address_confirm": Scenario(confirm_address, Action.MAIL_ADDRESS_CONFIRMED),
    "scan_start": Scenario(start, Action.SCAN_STARTED),
    "data_delete": Scenario(everything, Action.DELETION_REQUESTED),
}
OTHERS = {
    "consent": Scenario(lambda site: site.sign_in(), Action.CONSENT_GIVEN),
    "download": Scenario(lambda site: site.get(data_download), Action.DATA_DOWNLOADED),
}
SCENARIOS = {**POSTS, **OTHERS}


def changing_routes() -> list[HttpFunction]:
    """Every route of the app that does not only read, by its own bindings; those without a list of methods take all."""
    return [route for route in index(app).http if route.methods and route.methods - {"GET", "HEAD"}]


def entries(site: SigningIn) -> list[AuditEntry]:
    return AuditLog(site.parts.database).of_customer(TENANT, limit=1000)


@pytest.fixture
def signed_in(site: SigningIn) -> SigningIn:
    site.sign_in()
    site.clock.sleep(1)
    return site


@pytest.mark.parametrize("name", [route.name for route in changing_routes()])
def test_every_route_that_changes_something_has_a_record_or_a_reason(name: str) -> None:
    places = [name in POSTS, name in SHOWN_ELSEWHERE, name in EXEMPT]
    assert places.count(True) == 1, f"{name}: a scenario in POSTS, a test in SHOWN_ELSEWHERE, or a reason in EXEMPT"


@pytest.mark.parametrize("name", SHOWN_ELSEWHERE)
def test_what_is_said_to_be_shown_elsewhere_is(name: str) -> None:
    file, test = SHOWN_ELSEWHERE[name]
    assert f"def {test}(" in (TESTS / file).read_text(encoding="utf-8")


def test_no_scenario_is_of_a_removed_route() -> None:
    assert {*POSTS, *SHOWN_ELSEWHERE, *EXEMPT} <= {route.name for route in changing_routes()}


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_record_says_who_did_what_when_and_to_whom(signed_in: SigningIn, name: str) -> None:
    scenario = SCENARIOS[name]
    before = {entry.event_id for entry in entries(signed_in)}
    assert scenario.act(signed_in).status in (200, 303)
    (entry,) = [one for one in entries(signed_in) if one.event_id not in before and one.action is scenario.action]
    assert (entry.actor.kind, entry.actor.object_id) == (ActorKind.CUSTOMER, USER)
    assert entry.actor.name == "owner@contoso.example"
    assert (entry.tenant_id, entry.user_object_id) == (TENANT, USER)
    assert entry.occurred_at == signed_in.clock.now()
    assert entry.outcome in (Outcome.DONE, Outcome.REQUESTED)


def state(site: SigningIn) -> dict[str, Any]:
    """Everything that is stored or on its way."""
    with site.parts.database.system_transaction() as connection:
        rows = {table.name: sorted(map(repr, connection.execute(select(table)))) for table in metadata.sorted_tables}
    return {**rows, "messages": list(site.parts.outbox.sent)}


def break_the_log(connection: Connection) -> None:
    connection.execute(
        text("CREATE TRIGGER full BEFORE INSERT ON audit_events BEGIN SELECT RAISE(ABORT, 'no room for a record'); END")
    )


@pytest.mark.parametrize("name", [name for name in SCENARIOS if name != "scan_start"])
def test_an_act_whose_record_cannot_be_written_does_not_happen(signed_in: SigningIn, name: str) -> None:
    if name == "consent":
        query = signed_in.accept(signed_in.start())
    with signed_in.parts.database.system_transaction() as connection:
        break_the_log(connection)
    before, cookies = state(signed_in), dict(signed_in.cookies)
    answer = signed_in.get(consent_callback, query) if name == "consent" else SCENARIOS[name].act(signed_in)
    assert answer.status == 500
    assert state(signed_in) == before
    assert {key: value for key, value in signed_in.cookies.items() if "session" in key} == {
        key: value for key, value in cookies.items() if "session" in key
    }


def test_a_scan_whose_record_cannot_be_written_is_not_started(signed_in: SigningIn) -> None:
    scans = Scans(signed_in.parts.database)
    scan = scans.latest(TENANT, USER)
    assert scan is not None
    scans.finish(scan.key, ScanStatus.FAILED, None, signed_in.clock.now())
    with signed_in.parts.database.system_transaction() as connection:
        break_the_log(connection)
    before = state(signed_in)
    assert signed_in.post(scan_start).status == 500
    assert state(signed_in) == before


def test_an_end_of_a_scan_and_a_lost_consent_are_on_record_too(signed_in: SigningIn) -> None:
    signed_in.entra.answers = [(400, {"error": "invalid_grant", "error_codes": [50173]})]
    with pytest.raises(ConsentRevoked):
        signed_in.parts.tokens.for_user(TENANT, USER).access_token()
    lost = entries(signed_in)[0]
    assert (lost.action, lost.actor.kind) == (Action.CONSENT_LOST, ActorKind.SYSTEM)
    assert lost.reason == "All your sign-ins were ended, for example by a password change."
    signed_in.post(disconnect)
    ended = next(entry for entry in entries(signed_in) if entry.action is Action.SCAN_ENDED)
    assert (ended.outcome, ended.details) == (Outcome.FAILED, {"status": "cancelled"})


def refused_sign_ins(site: SigningIn) -> list[Any]:
    statement = select(audit_events).where(audit_events.c.action == Action.SIGN_IN_REFUSED)
    with site.parts.database.system_transaction() as connection:
        return list(connection.execute(statement).mappings())


def test_a_refused_sign_in_is_on_record_under_no_customers_name(site: SigningIn) -> None:
    site.finish(site.start("contoso.example"), aud="another app")
    (entry,) = refused_sign_ins(site)
    assert (entry["tenant_id"], entry["actor_id"], entry["outcome"]) == (None, None, "refused")
    assert '"tenant_named": "contoso.example"' in entry["details_json"]


def test_callbacks_that_no_one_started_do_not_fill_the_log(site: SigningIn) -> None:
    for query in ({}, {"state": "x" * 43}, {"error": "access_denied"}, {"state": "x" * 43, "code": "y"}):
        assert site.get(consent_callback, query).status >= 400
    assert refused_sign_ins(site) == []


def test_no_secret_and_no_token_is_in_the_log(signed_in: SigningIn) -> None:
    secrets = list(signed_in.cookies.values())
    for name, scenario in SCENARIOS.items():
        if name in ("download", "scan_start", "disconnect"):
            scenario.act(signed_in)
    with signed_in.parts.database.system_transaction() as connection:
        log = str(connection.execute(select(audit_events)).all())
    assert log
    assert not any(secret in log for secret in (*secrets, "refresh-1", "the-code"))


def test_an_entry_outlives_the_data_that_it_is_about() -> None:
    assert AUDIT_MONTHS >= RETENTION_MONTHS
