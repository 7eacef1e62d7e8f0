"""API tokens: shown once, stored as hashes, limited, revocable, and ended with everything else."""

import json
import re
from datetime import timedelta

import pytest

from shared.core.audit import Action
from shared.core.limits import API_REQUESTS
from shared.core.redaction import REDACTED, redact
from shared.deletion.service import delete_user
from shared.identity.api_tokens import API_TOKENS_TABLE, TOKENS_PER_USER
from tests.support.browsing import STRANGER, Visit
from tests.support.collecting import TENANT, USER
from tests.unit.web.api.calling import call
from tests.unit.web.exports.test_exports import session_of
from web.api.tokens import token_create, token_list, token_revoke
from web.customer.consent import disconnect
from web.http.audit import customer_actor
from web.http.messages import Response

SHOWN = re.compile(r"caleta_[A-Za-z0-9_-]{43}")
FORM = {"name": "Power BI", "days": "30"}


def new_token(visit: Visit, days: str = "30") -> str:
    page = visit.visit(token_create, "POST", form={**FORM, "days": days})
    assert page.status == 200
    (shown,) = SHOWN.findall(page.body.decode())
    return str(shown)


def read(visit: Visit, token: str) -> Response:
    return call(visit.parts, "listScans", token)


@pytest.fixture
def signed_in(visit: Visit) -> Visit:
    visit.consent()
    return visit


def test_a_token_is_shown_once_and_reads(signed_in: Visit) -> None:
    token = new_token(signed_in)
    assert not SHOWN.search(signed_in.ask(token_list).body.decode())
    signed_in.cookies = {}
    assert read(signed_in, token).status == 200


def test_a_browsers_session_does_not_open_the_api(signed_in: Visit) -> None:
    refused = call(signed_in.parts, "listScans", "", cookies=signed_in.cookies)
    assert (refused.status, refused.content_type) == (401, "application/problem+json")
    assert refused.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("wrong", ["", "x", "caleta_", "caleta_" + "A" * 43, "A" * 43])
def test_an_unknown_token_is_refused(signed_in: Visit, wrong: str) -> None:
    new_token(signed_in)
    assert read(signed_in, wrong).status == 401


def test_only_a_hash_is_stored(signed_in: Visit) -> None:
    token = new_token(signed_in)
    stored = [*signed_in.parts.tables.list(API_TOKENS_TABLE, "token")]
    assert stored
    assert token not in repr(stored)
    assert token.removeprefix("caleta_") not in repr(stored)


def test_it_ends_on_the_day_that_was_chosen(signed_in: Visit) -> None:
    token = new_token(signed_in, "1")
    signed_in.parts.time.sleep(timedelta(days=1).total_seconds() - 1)
    assert read(signed_in, token).status == 200
    signed_in.parts.time.sleep(1)
    assert read(signed_in, token).status == 401


@pytest.mark.parametrize("form", [{"days": "91"}, {"days": "0"}, {"days": "x"}, {"name": ""}, {"name": "x" * 61}])
def test_a_longer_time_or_a_wrong_name_is_refused(signed_in: Visit, form: dict[str, str]) -> None:
    assert signed_in.visit(token_create, "POST", form={**FORM, **form}).status == 400
    assert signed_in.parts.api_tokens.of_user(TENANT, USER) == []


def test_a_revoked_token_reads_no_more(signed_in: Visit) -> None:
    token, other = new_token(signed_in), new_token(signed_in)
    newest, _ = signed_in.parts.api_tokens.of_user(TENANT, USER)
    keys = {one.key for one in signed_in.parts.api_tokens.of_user(TENANT, USER)}
    for key in keys - {newest.key}:
        signed_in.visit(token_revoke, "POST", form={"token": key})
    assert sorted([read(signed_in, token).status, read(signed_in, other).status]) == [200, 401]


def test_another_user_cannot_revoke_it(signed_in: Visit) -> None:
    token = new_token(signed_in)
    (one,) = signed_in.parts.api_tokens.of_user(TENANT, USER)
    signed_in.sign_in(STRANGER)
    signed_in.visit(token_revoke, "POST", form={"token": one.key})
    assert read(signed_in, token).status == 200


def test_deleting_everything_ends_it(signed_in: Visit) -> None:
    token, session = new_token(signed_in), session_of(signed_in)
    delete_user(signed_in.parts, session, customer_actor(session))
    assert read(signed_in, token).status == 401
    assert list(signed_in.parts.tables.list(API_TOKENS_TABLE, "token")) == []


def test_disconnecting_ends_it(signed_in: Visit) -> None:
    token = new_token(signed_in)
    assert signed_in.visit(disconnect, "POST").status == 200
    assert read(signed_in, token).status == 401


def test_a_user_has_so_many_tokens(signed_in: Visit) -> None:
    for _ in range(TOKENS_PER_USER):
        new_token(signed_in)
    assert signed_in.visit(token_create, "POST", form=FORM).status == 409


def test_requests_are_limited(signed_in: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.api.operations.API_REQUESTS", type(API_REQUESTS)(**{**vars(API_REQUESTS), "number": 2}))
    token = new_token(signed_in)
    statuses = [read(signed_in, token) for _ in range(3)]
    assert [one.status for one in statuses] == [200, 200, 429]
    assert int(statuses[2].headers["Retry-After"]) > 0
    assert json.loads(statuses[2].body)["status"] == 429


def test_creating_and_revoking_are_in_the_activity_log(signed_in: Visit) -> None:
    new_token(signed_in)
    (one,) = signed_in.parts.api_tokens.of_user(TENANT, USER)
    signed_in.visit(token_revoke, "POST", form={"token": one.key})
    revoked, created, *_ = signed_in.parts.audit_log.of_user(TENANT, USER, limit=9)
    assert (created.action, created.details) == (Action.API_TOKEN_CREATED, {"name": "Power BI", "days": 30})
    assert (revoked.action, revoked.details) == (Action.API_TOKEN_REVOKED, {"name": "Power BI"})


def test_another_site_cannot_create_one(signed_in: Visit) -> None:
    headers = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    assert signed_in.visit(token_create, "POST", form=FORM, headers=headers).status == 403


def test_a_token_is_redacted_and_never_logged(signed_in: Visit, caplog: pytest.LogCaptureFixture) -> None:
    token = new_token(signed_in)
    read(signed_in, token)
    assert token not in caplog.text
    assert redact(f"token {token}") == f"token {REDACTED}"
