"""What a broker does wrong, on command."""

from collections import deque
from dataclasses import dataclass, field
from enum import Enum

from proton import Described


class Fault(Enum):
    """What happens instead of a proper answer."""

    CUT_BEFORE = "the connection breaks, and nothing was done"
    CUT_AFTER = "the connection breaks when it was done, before the answer"
    NO_ANSWER = "it is done and nothing is answered"


@dataclass
class Faults:
    """Each entry is used once, first come first served; a Described is the error that refuses.

    `cuts` says for each new connection before which of the client's frames it breaks.
    `tokens` refuses every token as long as it is set.
    """

    sends: deque[Fault | Described] = field(default_factory=deque)
    settlements: deque[Fault] = field(default_factory=deque)
    requests: deque[Fault | Described] = field(default_factory=deque)
    cuts: deque[int] = field(default_factory=deque)
    tokens: str | None = None
