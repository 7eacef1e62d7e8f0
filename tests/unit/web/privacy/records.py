"""All that a local table store holds."""

from local.tables import LocalTableStore


def stored_records(tables: LocalTableStore) -> list[tuple[str, str]]:
    """Each record's table, and all its columns as text."""
    rows = tables._connection.execute("SELECT * FROM records").fetchall()
    return [(row[0], repr(row)) for row in rows]
