"""The bodies of queue messages: identifiers only, never a token or customer data.

No field is named like Service Bus's own metadata (messageId, sessionId, deliveryCount ...):
the Functions host lets a JSON body override metadata of the same name.
"""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from shared.core.errors import BadMessage
from shared.core.models import ScanKey

MAX_BODY_BYTES = 16_384

Progress = tuple[int, ...]
"""What a message's work had achieved when the message was sent; grows as the work proceeds, compared as a tuple."""

Identifier = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]


class Message(BaseModel):
    """Base class of every message body; `encode` and `decode` are the only way in and out."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    progress: Annotated[Progress, Field(max_length=8)] = ()

    def encode(self) -> bytes:
        return self.model_dump_json().encode()

    @classmethod
    def decode(cls, body: bytes) -> Self:
        """Parse a body. Raises BadMessage with the names of wrong fields, never with their values."""
        if len(body) > MAX_BODY_BYTES:
            raise BadMessage(f"{cls.__name__}: the body has {len(body):,} bytes, the limit is {MAX_BODY_BYTES:,}")
        try:
            return cls.model_validate_json(body)
        except ValidationError as error:
            places = sorted({".".join(map(str, item["loc"])) or "body" for item in error.errors()})
            raise BadMessage(f"{cls.__name__}: {', '.join(places)[:300]} cannot be used") from None


class ScanMessage(Message):
    """Request to plan, finish or draft a scan."""

    tenant_id: Identifier
    scan_id: Identifier
    attempt: Annotated[int, Field(ge=1, le=10_000)] = 1

    @property
    def scan_key(self) -> ScanKey:
        return ScanKey(self.tenant_id, self.scan_id)


class DeletionMessage(Message):
    """Request to continue a deletion."""

    tenant_id: Identifier
    receipt_id: Identifier


class ExportMessage(Message):
    """Request to build a file that a user has asked for."""

    tenant_id: Identifier
    user_object_id: Identifier
    export_id: Identifier


class MailMessage(Message):
    """Request to send one mail of the outbox."""

    tenant_id: Identifier
    mail_id: Identifier


class StepMessage(Message):
    """Request to collect one step.

    `attempt` numbers the step's messages, so that each has its own id; `faults` counts
    Azure's failures in a row without any progress.
    """

    tenant_id: Identifier
    scan_id: Identifier
    step_id: Annotated[int, Field(ge=1)]
    attempt: Annotated[int, Field(ge=1, le=10_000)] = 1
    faults: Annotated[int, Field(ge=0, le=10_000)] = 0

    @property
    def scan_key(self) -> ScanKey:
        return ScanKey(self.tenant_id, self.scan_id)


class OperatorJobMessage(Message):
    """Request to continue an operator's job; `attempt` and `faults` as for a step."""

    tenant_id: Identifier
    job_id: Identifier
    attempt: Annotated[int, Field(ge=1, le=10_000)] = 1
    faults: Annotated[int, Field(ge=0, le=10_000)] = 0
