"""All lines of the matrix, in the order in which they are printed."""

from tests.faults.matrix import identity, messages, payloads, refusals, stores, throttling, transport
from tests.faults.matrix.fault import Ends, Fault
from tests.faults.matrix.truth import PAGES, REPULL

SUBJECTS = (*PAGES, REPULL)
"""The columns: what reads Azure."""

FAULTS: tuple[Fault, ...] = (
    *transport.FAULTS,
    *payloads.FAULTS,
    *throttling.FAULTS,
    *refusals.FAULTS,
    *identity.FAULTS,
    *messages.FAULTS,
    *stores.FAULTS,
)


def cells() -> list[tuple[Fault, str]]:
    """All that can be."""
    return [
        (fault, subject)
        for fault in FAULTS
        for subject in SUBJECTS
        if fault.expected_of(subject).ends is not Ends.NEVER
    ]
