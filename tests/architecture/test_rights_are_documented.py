"""docs/database-rights.md says what the list of rights says."""

from shared.sql.schema.tables import metadata
from tools.rights_document import TARGET, generated, row


def test_the_document_is_generated_from_the_list() -> None:
    """When this fails: python -m tools.rights_document."""
    assert TARGET.read_text(encoding="utf-8") == generated()


def test_every_table_has_its_line() -> None:
    text = TARGET.read_text(encoding="utf-8")
    assert [table for table in metadata.tables if row(table) not in text] == []
    assert "| `audit_events` | yes | yes | no | no |" in text
