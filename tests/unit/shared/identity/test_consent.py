import threading
from pathlib import Path
from typing import Any

import pytest
import requests

from local.tables import LocalTableStore
from shared.identity.consent import (
    FLOW_MINUTES,
    FLOWS_TABLE,
    ConsentFailed,
    ConsentFlows,
)
from shared.identity.failures import SignInProblem
from shared.identity.tenants import PERSONAL_ACCOUNTS
from tests.support.clock import FakeClock
from tests.support.entra_double import (
    HOST,
    TENANT,
    USER,
    Answer,
    EntraDouble,
    Json,
    granted,
)
from tests.unit.shared.identity.flow_answers import accept, answered, asked, refused

CHALLENGE = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}'
OTHER = "99999999-9999-9999-9999-999999999999"


def problem(flows: ConsentFlows, query: dict[str, str], cookie: str | None) -> SignInProblem:
    with pytest.raises(ConsentFailed) as caught:
        flows.complete(query, cookie)
    return caught.value.problem


def test_a_sign_in_ends_with_who_it_was_and_a_refresh_token(flows: ConsentFlows, entra: EntraDouble) -> None:
    flow = flows.start()
    accept(entra, flow)
    signed_in = flows.complete(answered(flow), flow.cookie_value)
    assert (signed_in.identity.tenant_id, signed_in.identity.user_object_id) == (TENANT, USER)
    assert signed_in.refresh_token == "refresh-2"
    assert signed_in.claims is None


def test_nothing_of_the_flow_can_be_read_in_the_table(flows: ConsentFlows, entra: EntraDouble, tmp_path: Path) -> None:
    flow = flows.start(claims=CHALLENGE)
    accept(entra, flow)
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    flows.complete(answered(flow), flow.cookie_value)
    verifier = entra.forms[0]["code_verifier"]
    for secret in (verifier, flow.cookie_value, asked(flow)["state"], asked(flow)["nonce"]):
        assert secret.encode() not in stored
    assert flow.cookie_value not in repr(flow)


def test_a_flow_is_used_once(flows: ConsentFlows, entra: EntraDouble) -> None:
    flow = flows.start()
    accept(entra, flow)
    flows.complete(answered(flow), flow.cookie_value)
    assert problem(flows, answered(flow), None) is SignInProblem.EXPIRED
    assert problem(flows, answered(flow), flow.cookie_value) is SignInProblem.STATE_MISMATCH
    assert len(entra.forms) == 1


def test_of_two_callbacks_at_once_only_one_reaches_entra(flows: ConsentFlows, entra: EntraDouble) -> None:
    flow = flows.start()
    accept(entra, flow)
    barrier, outcomes = threading.Barrier(4), []

    def call() -> None:
        barrier.wait()
        try:
            outcomes.append(flows.complete(answered(flow), flow.cookie_value).identity.tenant_id)
        except ConsentFailed as failed:
            outcomes.append(failed.problem)

    threads = [threading.Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(TENANT) == 1
    assert len(entra.forms) == 1


def test_a_flow_is_used_up_by_a_refusal_too(flows: ConsentFlows) -> None:
    flow = flows.start()
    assert problem(flows, refused(flow, "access_denied", 65004), flow.cookie_value) is SignInProblem.DECLINED
    assert problem(flows, answered(flow), None) is SignInProblem.EXPIRED


def test_a_flow_lasts_ten_minutes(flows: ConsentFlows, entra: EntraDouble, clock: FakeClock) -> None:
    flow, late = flows.start(), flows.start()
    clock.sleep(FLOW_MINUTES * 60 - 1)
    accept(entra, flow)
    assert flows.complete(answered(flow), flow.cookie_value)
    clock.sleep(1)
    assert problem(flows, answered(late), late.cookie_value) is SignInProblem.EXPIRED
    assert len(entra.forms) == 1


@pytest.mark.parametrize("cookie", [None, "", "x", "a" * 43])
def test_another_browser_can_neither_end_a_flow_nor_spoil_it(
    flows: ConsentFlows, entra: EntraDouble, cookie: str | None
) -> None:
    flow = flows.start()
    accept(entra, flow)
    assert problem(flows, answered(flow), cookie) is SignInProblem.OTHER_BROWSER
    assert entra.forms == []
    assert flows.complete(answered(flow), flow.cookie_value)


def test_a_callback_forged_with_the_attackers_own_flow_is_refused(flows: ConsentFlows, entra: EntraDouble) -> None:
    attackers, victims = flows.start(), flows.start()
    assert problem(flows, answered(attackers), victims.cookie_value) is SignInProblem.OTHER_BROWSER
    assert entra.forms == []


@pytest.mark.parametrize("state", [None, "", "x", "a" * 44, "../" + "a" * 40, "a" * 42 + "'", "a" * 4000])
def test_a_callback_without_our_state_is_incomplete(flows: ConsentFlows, state: str | None) -> None:
    query = {"code": "the-code"} if state is None else {"code": "the-code", "state": state}
    assert problem(flows, query, None) is SignInProblem.INCOMPLETE_CALLBACK


def test_a_callback_without_code_and_error_is_incomplete(flows: ConsentFlows, entra: EntraDouble) -> None:
    flow = flows.start()
    query = {"state": asked(flow)["state"]}
    assert problem(flows, query, flow.cookie_value) is SignInProblem.INCOMPLETE_CALLBACK
    assert entra.forms == []


def test_an_error_counts_before_a_code(flows: ConsentFlows, entra: EntraDouble) -> None:
    flow = flows.start()
    query = {**answered(flow), "error": "access_denied"}
    assert problem(flows, query, flow.cookie_value) is SignInProblem.DECLINED
    assert entra.forms == []


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ((400, {"error": "invalid_grant", "error_codes": [54005]}), SignInProblem.CODE_USED),
        ((400, {"error": "invalid_grant", "error_codes": [53003]}), SignInProblem.CONDITIONAL_ACCESS),
        ((401, {"error": "invalid_client", "error_codes": [7000215]}), SignInProblem.OUR_FAULT),
        ((400, {"error": "temporarily_unavailable"}), SignInProblem.ENTRA_DOWN),
        ((503, {}), SignInProblem.ENTRA_DOWN),
        ((429, {}), SignInProblem.ENTRA_DOWN),
        ((200, b"<html>"), SignInProblem.ENTRA_DOWN),
        (requests.ConnectTimeout("x"), SignInProblem.ENTRA_DOWN),
    ],
)
def test_what_the_token_endpoint_says_chooses_the_page(
    flows: ConsentFlows, entra: EntraDouble, answer: Answer, expected: SignInProblem
) -> None:
    flow = flows.start()
    entra.answers = [answer]
    assert problem(flows, answered(flow), flow.cookie_value) is expected


@pytest.mark.parametrize(
    ("answer", "claims", "expected"),
    [
        ({"refresh_token": None}, {}, SignInProblem.INCOMPLETE_ANSWER),
        ({"scope": "openid profile"}, {}, SignInProblem.INCOMPLETE_ANSWER),
        ({"scope": None}, {}, SignInProblem.INCOMPLETE_ANSWER),
        ({"id_token": "no.token.x"}, {}, SignInProblem.INCOMPLETE_ANSWER),
        ({}, {"aud": OTHER}, SignInProblem.INCOMPLETE_ANSWER),
        ({}, {"nonce": "another"}, SignInProblem.INCOMPLETE_ANSWER),
        ({}, {"oid": None}, SignInProblem.INCOMPLETE_ANSWER),
        ({}, {"tid": PERSONAL_ACCOUNTS}, SignInProblem.PERSONAL_ACCOUNT),
    ],
)
def test_an_incomplete_answer_stores_no_customer(
    flows: ConsentFlows, entra: EntraDouble, answer: Json, claims: dict[str, Any], expected: SignInProblem
) -> None:
    flow = flows.start()
    accept(entra, flow, answer, **claims)
    assert problem(flows, answered(flow), flow.cookie_value) is expected


def test_an_answer_without_an_id_token_stores_no_customer(flows: ConsentFlows, entra: EntraDouble) -> None:
    flow = flows.start()
    entra.answer(200, granted(id_token=None))
    assert problem(flows, answered(flow), flow.cookie_value) is SignInProblem.INCOMPLETE_ANSWER


def test_a_user_who_named_a_tenant_gets_in_to_that_one_only(flows: ConsentFlows, entra: EntraDouble) -> None:
    for name in (TENANT.upper(), "Contoso.Example"):
        flow = flows.start(name)
        accept(entra, flow, tid=OTHER, iss=f"{HOST}/{OTHER}/v2.0")
        assert problem(flows, answered(flow), flow.cookie_value) is SignInProblem.WRONG_TENANT
        flow = flows.start(name)
        accept(entra, flow)
        assert flows.complete(answered(flow), flow.cookie_value).identity.tenant_id == TENANT


@pytest.mark.parametrize("hint", ["common", "consumers", "not a tenant", PERSONAL_ACCOUNTS, "unknown.example"])
def test_a_tenant_that_does_not_exist_is_refused_and_no_flow_is_stored(
    flows: ConsentFlows, entra: EntraDouble, tables: LocalTableStore, hint: str
) -> None:
    entra.unknown_tenants = ("unknown.example",)
    with pytest.raises(ConsentFailed) as caught:
        flows.start(hint)
    assert caught.value.problem is SignInProblem.UNKNOWN_TENANT
    assert list(tables.list(FLOWS_TABLE, "sign-in")) == []


def test_the_named_tenant_is_remembered_for_the_administrators_link(flows: ConsentFlows) -> None:
    flow = flows.start("contoso.example")
    with pytest.raises(ConsentFailed) as caught:
        flows.complete(refused(flow, "access_denied", 90094), flow.cookie_value)
    assert (caught.value.problem, caught.value.tenant) == (SignInProblem.ADMIN_APPROVAL_NEEDED, "contoso.example")


def test_a_sign_in_says_which_claims_it_carried(flows: ConsentFlows, entra: EntraDouble) -> None:
    flow = flows.start(TENANT, CHALLENGE, "owner@contoso.example")
    assert asked(flow)["login_hint"] == "owner@contoso.example"
    accept(entra, flow)
    assert flows.complete(answered(flow), flow.cookie_value).claims == CHALLENGE


def test_a_failure_quotes_nothing_that_came_with_the_callback(flows: ConsentFlows) -> None:
    flow = flows.start()
    query = {"error": "x" * 99, "error_description": "AADSTS50105: The user me@contoso.example is not assigned."}
    with pytest.raises(ConsentFailed) as caught:
        flows.complete({**query, "state": asked(flow)["state"]}, flow.cookie_value)
    assert "contoso" not in str(caught.value)
    assert "xxx" not in str(caught.value)
