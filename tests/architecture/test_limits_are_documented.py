"""One table of limits; the document follows it."""

from shared.core.limits import LIMITS
from tools.limits_document import TARGET, generated, row


def test_the_document_is_what_the_command_writes() -> None:
    """When this fails: python -m tools.limits_document."""
    assert TARGET.read_text(encoding="utf-8") == generated()


def test_every_limit_has_its_row_and_its_own_records() -> None:
    lines = TARGET.read_text(encoding="utf-8").splitlines()
    assert [limit.name for limit in LIMITS if row(limit) not in lines] == []
    assert len({limit.name for limit in LIMITS}) == len(LIMITS)
