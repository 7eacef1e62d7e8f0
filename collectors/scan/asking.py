"""What a collector asks Azure for one subscription, in the order in which progress counts."""

from dataclasses import dataclass, replace
from typing import Self

from collectors.base import Collector, StepContext, plan_key
from collectors.scan.outcomes import may_skip
from shared.arm.paced_arm import PacedArm
from shared.arm.request import ArmRequest
from shared.core.partly_read import unread_of


@dataclass(frozen=True)
class Asking:
    """The requests; `key` tells them from those of another version of the program, or of another division."""

    collector: Collector
    context: StepContext
    requests: tuple[ArmRequest, ...]
    key: str

    @classmethod
    def of(cls, collector: Collector, context: StepContext) -> Self:
        """All that the collector asks in this context."""
        requests = collector.requests(context)
        return cls(collector, context, requests, plan_key(collector, requests))

    @classmethod
    def in_turn(
        cls, paced: PacedArm, tenant_id: str, collector: Collector, context: StepContext, begun: str | None
    ) -> Self:
        """The same in more and smaller queries where only those get through, or if it was `begun` (a key) so."""
        if collector.pieces > 1:
            divided = cls.of(collector, replace(context, pieces=collector.pieces))
            if begun == divided.key or paced.is_crowded(tenant_id):
                return divided
        return cls.of(collector, context)

    def can_skip(self, index: int, pages: int, unread_json: str | None) -> bool:
        """Whether a refusal of the request of this number says nothing about the others."""
        refused = len(unread_of(unread_json))
        return index < len(self.requests) and may_skip(self.requests[index].title, pages, refused, len(self.requests))
