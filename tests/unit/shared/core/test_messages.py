"""What travels in the queues."""

import json

import pytest

from shared.core.errors import BadMessage
from shared.core.messages import MAX_BODY_BYTES, ScanMessage, StepMessage

TENANT = "11111111-1111-4111-8111-111111111111"
SCAN = "22222222-2222-4222-8222-222222222222"
STEP = StepMessage(tenant_id=TENANT, scan_id=SCAN, step_id=7, attempt=3, faults=2)
HOST_METADATA = {
    "messageid", "sessionid", "deliverycount", "subject", "to", "replyto", "correlationid", "contenttype",
    "locktoken", "sequencenumber", "expiresatutc", "enqueuedtimeutc", "partitionkey", "deadlettersource",
}  # fmt: skip


def test_a_message_comes_back_as_it_was_sent() -> None:
    assert StepMessage.decode(STEP.encode()) == STEP
    scan = ScanMessage(tenant_id=TENANT, scan_id=SCAN)
    assert ScanMessage.decode(scan.encode()) == scan


def test_a_message_of_the_first_version_is_still_understood() -> None:
    body = json.dumps({"tenant_id": TENANT, "scan_id": SCAN, "step_id": 7}).encode()
    assert StepMessage.decode(body) == StepMessage(tenant_id=TENANT, scan_id=SCAN, step_id=7, attempt=1, faults=0)


@pytest.mark.parametrize("message", [StepMessage, ScanMessage])
def test_no_member_could_overrule_the_messages_own_metadata(message: type[StepMessage] | type[ScanMessage]) -> None:
    assert not {name.replace("_", "").lower() for name in message.model_fields} & HOST_METADATA


def body(**differences: object) -> bytes:
    return json.dumps({**json.loads(STEP.encode()), **differences}).encode()


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"\xff\xfe",
        b"null",
        b"[]",
        b"{}",
        b"{" * 5_000,
        body(step_id=0),
        body(step_id="7"),
        body(step_id=7.5),
        body(step_id=True),
        body(attempt=0),
        body(attempt=10_001),
        body(faults=-1),
        body(tenant_id=TENANT.upper().replace("1", "A")),
        body(tenant_id=TENANT + "\n"),
        body(tenant_id=None),
        body(scan_id="'; DROP TABLE scans --"),
        body(access_token="x"),
        body(padding="x" * MAX_BODY_BYTES),
    ],
)
def test_anything_else_is_a_bad_message(wrong: bytes) -> None:
    with pytest.raises(BadMessage):
        StepMessage.decode(wrong)


def test_a_bad_message_is_named_by_its_fields_and_never_by_its_values() -> None:
    with pytest.raises(BadMessage) as caught:
        StepMessage.decode(body(tenant_id="confidential", step_id="secret"))
    assert str(caught.value) == "StepMessage: step_id, tenant_id cannot be used"
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_message_cannot_be_changed_on_its_way() -> None:
    with pytest.raises(ValueError, match="frozen"):
        STEP.attempt = 4
