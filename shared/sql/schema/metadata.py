"""What all tables share: metadata, common columns, and the condition that finds the rows of one scan."""

from sqlalchemy import BigInteger, Column, ColumnElement, Integer, MetaData, String, Table, Unicode, and_

from shared.core.models import ScanKey

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

IDENTIFIER = String(36)
RESOURCE_ID = Unicode(1024)


def tenant_id_column() -> Column[str]:
    """Whose row it is."""
    return Column("tenant_id", IDENTIFIER, nullable=False)


def of_scan(table: Table, scan_key: ScanKey) -> ColumnElement[bool]:
    """The condition that finds a scan's rows in any table with `tenant_id` and `scan_id`."""
    return and_(table.c.tenant_id == scan_key.tenant_id, table.c.scan_id == scan_key.scan_id)
