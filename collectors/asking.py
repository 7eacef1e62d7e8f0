"""What a collector asks Azure for one subscription, in the order in which progress counts."""

from dataclasses import dataclass
from typing import Self

from collectors.base import Collector, StepContext, plan_key
from collectors.outcomes import may_skip
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

    def can_skip(self, index: int, pages: int, unread_json: str | None) -> bool:
        """Whether a refusal of the request of this number says nothing about the others."""
        refused = len(unread_of(unread_json))
        return index < len(self.requests) and may_skip(self.requests[index].title, pages, refused, len(self.requests))
