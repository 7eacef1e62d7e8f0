"""The requests of one step, in the order in which its progress counts."""

from dataclasses import dataclass, replace
from typing import Self

from collectors.base import Collector, StepContext, plan_key
from collectors.scan.outcomes import may_skip
from shared.arm.paced_arm import PacedArm
from shared.arm.request import ArmRequest
from shared.core.partly_read import refused_requests


@dataclass(frozen=True)
class RequestPlan:
    """The requests; `key` identifies the program version and the division into queries that made them."""

    collector: Collector
    context: StepContext
    requests: tuple[ArmRequest, ...]
    key: str

    @classmethod
    def of(cls, collector: Collector, context: StepContext) -> Self:
        """Return all requests of the collector in this context."""
        requests = collector.requests(context)
        return cls(collector, context, requests, plan_key(collector, requests))

    @classmethod
    def for_current_quota(
        cls, paced: PacedArm, tenant_id: str, collector: Collector, context: StepContext, begun: str | None
    ) -> Self:
        """Return the plan, in smaller queries if others use much of the quota or if `begun` (a key) started so."""
        if collector.pieces > 1:
            divided = cls.of(collector, replace(context, pieces=collector.pieces))
            if begun == divided.key or paced.is_congested(tenant_id):
                return divided
        return cls.of(collector, context)

    def can_skip(self, index: int, pages: int, unread_json: str | None) -> bool:
        """Whether a refusal of the request at `index` does not concern the others."""
        refused = len(refused_requests(unread_json))
        return index < len(self.requests) and may_skip(self.requests[index].title, pages, refused, len(self.requests))
