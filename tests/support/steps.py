"""Steps made up for tests of what is said about them."""

from dataclasses import replace
from datetime import UTC, datetime

from shared.core.models import Step, StepStatus

_STEP = Step(
    tenant_id="11111111-1111-4111-8111-111111111111",
    scan_id="99999999-9999-4999-8999-999999999999",
    step_id=1,
    collector="costs",
    subscription_id="aaaaaaaa-0000-4000-8000-000000000001",
    subscription_name="Production",
    status=StepStatus.PENDING,
    status_code=None,
    status_reason=None,
    remedy_role=None,
    remedy_scope=None,
    attempt=0,
    request_index=0,
    cursor=None,
    simplified=False,
    pages=0,
    rows=0,
    not_before=None,
    lease_id=None,
    updated_at=datetime(2026, 11, 23, 12, tzinfo=UTC),
)


def a_step(**differences: object) -> Step:
    """A step of costs over the subscription Production, with these differences."""
    return replace(_STEP, **differences)  # type: ignore[arg-type]
