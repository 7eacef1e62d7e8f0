"""Which errors of SQL Server pass by themselves, so that the whole transaction may be run again.

pyodbc's errors hold the SQLSTATE and one text of this form, more records following after "; ":
`[SQLSTATE] [Microsoft][ODBC Driver 18 for SQL Server][SQL Server]words (number) (SQLFunction)`.
The words may quote a customer's values: only what stands in the number's place counts.

https://learn.microsoft.com/azure/azure-sql/database/troubleshoot-common-errors-issues
https://learn.microsoft.com/sql/connect/ado-net/configurable-retry-logic-core-apis-sqlclient
"""

import re

from sqlalchemy.exc import DBAPIError

LOCKS = {
    1205: "chosen as the victim of a deadlock: rolled back",
    1222: "waited for a lock for too long",
    1204: "the server had no lock left to give",
    3960: "a row was changed by another transaction since this one began to read",
    3961: "a table was changed by a migration since the transaction began",
}
"""What others' work causes. The connection is sound, and the wait may be short."""

THROTTLES = {
    701: "not enough memory for the query",
    8645: "the query waited too long for memory",
    8651: "less memory than the query needs is free",
    10928: "too many requests at once",
    10929: "the server is too busy",
    10936: "too many requests of the elastic pool at once",
    40501: "the service is busy",
    49918: "not enough resources",
    49919: "too many operations are under way",
    49920: "too many operations of the subscription are under way",
}
"""The server is short of something. The connections are sound: new ones would only add to its load."""

TRANSIENT = {
    20: "the server does not speak the driver's encryption yet",
    615: "the database was being moved",
    926: "the database is being recovered",
    4060: "the database cannot be opened now",
    4221: "a replica is not ready for logins",
    3906: "the database is read-only: an old primary during a failover",
    9002: "the transaction log is full",
    40143: "the connection could not be initialized",
    40166: "the database is being reconfigured",
    40197: "the service had to reconfigure",
    40540: "the service could not continue the transaction",
    40613: "the database is not available now: it fails over, or a serverless one resumes",
    42119: "the serverless database has used up its free amount or is paused",
    26: "the server hung up before the login",
    64: "the connection was lost during the login",
    121: "the network timed out",
    233: "the connection was lost before the login ended",
    10053: "the connection was cut on our side",
    10054: "the connection was cut on the server's side",
    10060: "the server did not answer",
    10061: "no server listened, as happens during a failover",
}
"""What ends the connection, or never let it come about: only a new one can help."""

TRANSIENT_STATES = {
    "08S01": "the connection broke",
    "HYT00": "the login or a statement took too long",
    "HYT01": "the connection timed out",
    "40001": "chosen as the victim of a deadlock: rolled back",
}
"""By SQLSTATE, for the driver's own errors, which have no number."""

STATEMENT_TIMEOUT = "]Query timeout expired"
"""The driver's words, after its name in brackets; the same SQLSTATE as for a login. The statement was cancelled."""

DUPLICATES = frozenset({2601, 2627})
"""A unique index or a key has the value already."""

_NUMBERS = re.compile(r"\((\d+)\)(?: \(SQL\w+\))?(?=; \[[0-9A-Z]{5}\] |$)")


def error_numbers(error: BaseException) -> list[int]:
    """SQL Server's numbers of a driver's error, or of SQLAlchemy's around it; none for any other error."""
    return [int(number) for number in _NUMBERS.findall(_arguments(error)[1])]


def sql_state(error: BaseException) -> str:
    """The driver's five characters; empty for any other error."""
    return _arguments(error)[0]


def _arguments(error: BaseException) -> tuple[str, str]:
    original = error.orig if isinstance(error, DBAPIError) else error
    match getattr(original, "args", ()):
        case (str(state), str(text)):
            return state, text
        case _:
            return "", ""


def is_lock_fault(error: BaseException) -> bool:
    """Whether other transactions were in the way, and nothing else."""
    return sql_state(error) == "40001" or any(number in LOCKS for number in error_numbers(error))


def leaves_connections_sound(error: BaseException) -> bool:
    """Whether the pool's connections can be used again after this error."""
    is_throttled = any(number in THROTTLES for number in error_numbers(error))
    return is_lock_fault(error) or is_throttled or STATEMENT_TIMEOUT in _arguments(error)[1]


def passing_fault(error: BaseException) -> str | None:
    """What happened, in words without any value, if it may pass by itself; None if it will not."""
    known = LOCKS | THROTTLES | TRANSIENT
    named = [known[number] for number in error_numbers(error) if number in known]
    return next(iter(named), TRANSIENT_STATES.get(sql_state(error)))


def is_duplicate(error: BaseException) -> bool:
    """Whether a row with this key was there already."""
    return any(number in DUPLICATES for number in error_numbers(error))
