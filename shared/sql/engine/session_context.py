"""Whose rows a connection may touch: SQL Server's session context, read by the row security policy.

Every transaction sets both keys at its beginning, whatever the connection was used for
before; one that names no customer and is no system work clears them, and so sees nothing.
The keys are not made read-only: pooled connections are used for one customer after another.
https://learn.microsoft.com/sql/relational-databases/security/row-level-security
"""

import re
from typing import Any

from sqlalchemy import Connection

TENANT_OPTION = "tenant_id"
SYSTEM_OPTION = "is_system"

STATEMENT_SECONDS_OPTION = "statement_seconds"
STATEMENT_SECONDS = 120
"""Time limit of one statement: a worker's message has 240 seconds, and Azure's front end gives up a page after 230."""

_IDENTIFIER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

_SET_TENANT = "EXEC sp_set_session_context @key = N'tenant_id', @value = {tenant}; "
_SET_SYSTEM = "EXEC sp_set_session_context @key = N'is_system', @value = {system};"
FOR_TENANT = (_SET_TENANT + _SET_SYSTEM).format(tenant="?", system="NULL")
FOR_SYSTEM = (_SET_TENANT + _SET_SYSTEM).format(tenant="NULL", system="N'yes'")
FOR_NO_TENANT = (_SET_TENANT + _SET_SYSTEM).format(tenant="NULL", system="NULL")


def for_tenant(tenant_id: str) -> tuple[str, tuple[str, ...]]:
    """Return the statement for one customer, and its parameters: a GUID is written into the text.

    With a parameter the driver would prepare and unprepare the statement: two requests on the wire instead of one.
    """
    if _IDENTIFIER.fullmatch(tenant_id):
        return FOR_TENANT.replace("?", f"N'{tenant_id}'"), ()
    return FOR_TENANT, (tenant_id,)


def bind(connection: Connection) -> None:
    """Listens to the beginning of every transaction of the engine; the connection's options say for whom it is."""
    options = connection.get_execution_options()
    # The driver's time limit for the connection's next statements: nothing is sent.
    driver_connection: Any = connection.connection.dbapi_connection
    driver_connection.timeout = options.get(STATEMENT_SECONDS_OPTION, STATEMENT_SECONDS)
    tenant_id = options.get(TENANT_OPTION)
    if tenant_id is not None:
        connection.exec_driver_sql(*for_tenant(tenant_id))
        return
    connection.exec_driver_sql(FOR_SYSTEM if options.get(SYSTEM_OPTION) else FOR_NO_TENANT)
