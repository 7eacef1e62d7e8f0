"""A member of a JSON text, read by the database."""

from sqlalchemy import Unicode
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction


class json_member(GenericFunction[str]):  # noqa: N801  it reads as SQL
    """The text of the member at a path such as `$."cost-centre"`; NULL when there is none."""

    type = Unicode()
    inherit_cache = True


@compiles(json_member)
def _json_value(element: json_member, compiler: SQLCompiler, **options: object) -> str:
    return f"JSON_VALUE({compiler.process(element.clauses, **options)})"


@compiles(json_member, "sqlite")
def _json_extract(element: json_member, compiler: SQLCompiler, **options: object) -> str:
    return f"json_extract({compiler.process(element.clauses, **options)})"


def member_path(name: str) -> str:
    """The path of one member of the outermost object, whatever signs its name has."""
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'$."{escaped}"'
