"""What all tables share: their metadata and the columns that many of them have."""

from sqlalchemy import BigInteger, Column, Integer, MetaData, String, Unicode

metadata = MetaData(
    naming_convention={
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
