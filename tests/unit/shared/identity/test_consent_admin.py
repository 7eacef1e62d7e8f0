from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from local.tables import LocalTableStore
from shared.identity.consent import FLOW_MINUTES, FLOWS_TABLE, ConsentFailed, ConsentFlows, FlowStarted
from shared.identity.failures import SignInProblem
from shared.identity.sessions import key_of
from tests.support.clock import FakeClock
from tests.support.entra_double import BASE_URL, HOST, TENANT, EntraDouble
from tests.unit.shared.identity.flow_answers import answered, asked

OTHER = "99999999-9999-9999-9999-999999999999"


def approved(flow: FlowStarted, **more: str) -> dict[str, str]:
    return {"admin_consent": "True", "tenant": TENANT, "state": asked(flow)["state"], **more}


def test_an_approval_is_believed_in_nothing_but_that_it_was_reported(
    flows: ConsentFlows, entra: EntraDouble, tables: LocalTableStore
) -> None:
    flow = flows.start_admin_approval("contoso.example")
    assert flow.url.startswith(f"{HOST}/contoso.example/v2.0/adminconsent?")
    assert asked(flow)["redirect_uri"] == f"{BASE_URL}/consent/admin/callback"
    flows.complete_admin_approval(approved(flow, tenant=OTHER), flow.cookie_value)
    assert entra.requests_seen == []
    assert tables.get(FLOWS_TABLE, "admin-approval", key_of(asked(flow)["state"])) is None


def admin_problem(flows: ConsentFlows, query: dict[str, str], cookie: str | None) -> SignInProblem:
    with pytest.raises(ConsentFailed) as caught:
        flows.complete_admin_approval(query, cookie)
    return caught.value.problem


def test_an_error_counts_although_admin_consent_is_true(
    flows: ConsentFlows, recording: Callable[[str], dict[str, Any]]
) -> None:
    location = recording("entra-token/callback-65004-declined.json")["response"]["headers"]["location"]
    query = dict(parse_qsl(urlsplit(location).query))
    assert query["admin_consent"] == "True"
    flow = flows.start_admin_approval()
    assert admin_problem(flows, {**query, "state": asked(flow)["state"]}, flow.cookie_value) is SignInProblem.DECLINED


def test_an_approval_without_its_flow_is_none(flows: ConsentFlows, clock: FakeClock) -> None:
    flow = flows.start_admin_approval()
    assert admin_problem(flows, approved(flow), None) is SignInProblem.OTHER_BROWSER
    assert admin_problem(flows, {"admin_consent": "True", "tenant": TENANT}, None) is SignInProblem.INCOMPLETE_CALLBACK
    assert admin_problem(flows, {"state": asked(flow)["state"]}, flow.cookie_value) is SignInProblem.INCOMPLETE_CALLBACK
    late = flows.start_admin_approval()
    clock.sleep(FLOW_MINUTES * 60)
    assert admin_problem(flows, approved(late), late.cookie_value) is SignInProblem.EXPIRED


def test_a_flow_of_one_kind_never_passes_for_the_other(flows: ConsentFlows, entra: EntraDouble) -> None:
    admins, users = flows.start_admin_approval(), flows.start()
    with pytest.raises(ConsentFailed) as caught:
        flows.complete(answered(admins), admins.cookie_value)
    assert caught.value.problem is SignInProblem.STATE_MISMATCH
    assert admin_problem(flows, approved(users), users.cookie_value) is SignInProblem.STATE_MISMATCH
    assert entra.forms == []
