"""Whose rows a connection may touch: SQL Server's session context, read by the row security policy.

Every transaction sets both keys at its beginning, whatever the connection was used for
before; one that names no customer and is no system work clears them, and so sees nothing.
The keys are not made read-only: pooled connections are used for one customer after another.
https://learn.microsoft.com/sql/relational-databases/security/row-level-security
"""

from sqlalchemy import Connection

TENANT_OPTION = "tenant_id"
SYSTEM_OPTION = "is_system"

_SET_TENANT = "EXEC sp_set_session_context @key = N'tenant_id', @value = {tenant}; "
_SET_SYSTEM = "EXEC sp_set_session_context @key = N'is_system', @value = {system};"
FOR_TENANT = (_SET_TENANT + _SET_SYSTEM).format(tenant="?", system="NULL")
FOR_SYSTEM = (_SET_TENANT + _SET_SYSTEM).format(tenant="NULL", system="N'yes'")
FOR_NO_TENANT = (_SET_TENANT + _SET_SYSTEM).format(tenant="NULL", system="NULL")


def bind(connection: Connection) -> None:
    """Listens to the beginning of every transaction of the engine; the connection's options say for whom it is."""
    options = connection.get_execution_options()
    tenant_id = options.get(TENANT_OPTION)
    if tenant_id is not None:
        connection.exec_driver_sql(FOR_TENANT, (tenant_id,))
        return
    connection.exec_driver_sql(FOR_SYSTEM if options.get(SYSTEM_OPTION) else FOR_NO_TENANT)
