"""T-SQL as the migrations run it: every object with its schema, every default with a name.

A member of a Microsoft Entra group without a default schema creates nothing without naming one, and an unnamed default
has another name in each database, so that no later migration can drop it.
https://learn.microsoft.com/sql/t-sql/statements/create-user-transact-sql
"""

import re

UNQUALIFIED = re.compile(
    r"^(CREATE TABLE|ALTER TABLE|DROP TABLE|(?:CREATE (?:UNIQUE |CLUSTERED |NONCLUSTERED )*|DROP )INDEX \[?\w+\]? ON"
    r"|INSERT INTO|UPDATE|DELETE FROM) (?=\[?\w+\]?(?:[ ;(]|$))",
    re.MULTILINE,
)
UNQUALIFIED_RENAME = re.compile(r"^(EXEC sp_rename ')(?=\[?\w+\]?\.\[?\w+\]?')", re.MULTILINE)
UNNAMED_DEFAULT = re.compile(r"^(ALTER TABLE dbo\.(\w+) ADD (\w+) (?!.*\bCONSTRAINT\b).*?) DEFAULT ", re.MULTILINE)


def spelled_out(statements: str) -> str:
    """Return the statements with the schema dbo and with names for the defaults of added columns."""
    with_schema = UNQUALIFIED_RENAME.sub(r"\1dbo.", UNQUALIFIED.sub(r"\1 dbo.", statements))
    return UNNAMED_DEFAULT.sub(r"\1 CONSTRAINT df_\2_\3 DEFAULT ", with_schema)
