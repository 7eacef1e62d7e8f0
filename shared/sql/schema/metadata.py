"""What all tables share: metadata, common columns, and the condition that finds the rows of one scan."""

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Computed,
    Integer,
    MetaData,
    String,
    Table,
    Unicode,
    and_,
    func,
)
from sqlalchemy.sql.expression import column as named

from shared.core.models import ScanKey
from shared.sql.engine.text import domain_of

metadata = MetaData(
    naming_convention={
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

IdentityKey = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only in an INTEGER primary key."""

ROW_KEY = ("row_id", "tenant_id", "scan_id")
"""The columns that the repository puts before those of the collector."""

IDENTIFIER = String(36)
RESOURCE_ID = Unicode(1024)


def tenant_id_column() -> Column[str]:
    """Whose row it is."""
    return Column("tenant_id", IDENTIFIER, nullable=False)


def searched_names(name: str) -> tuple[Column[str], Column[str]]:
    """Columns that the database makes of a user name, to be searched by their beginning: the name and its domain."""
    lower: ColumnElement[str] = func.lower(named(name))
    return Column(f"{name}_lower", Unicode(320), Computed(lower)), Column(
        f"{name}_domain", Unicode(320), Computed(domain_of(named(name)))
    )


def of_scan(table: Table, scan_key: ScanKey) -> ColumnElement[bool]:
    """The condition that finds a scan's rows in any table with `tenant_id` and `scan_id`."""
    return and_(table.c.tenant_id == scan_key.tenant_id, table.c.scan_id == scan_key.scan_id)


def own_columns(table: Table) -> list[str]:
    """Return the columns that a collector fills: all but the key and whose row it is."""
    return [column.key for column in table.c if column.key not in ROW_KEY]
