"""Finding customers by the beginning of a user's name or domain, or of an id: all of it by indexes.

A part in the middle of a name would mean to read every name, and every entry of the activity log.
"""

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, or_, select, union

from shared.core.audit import ActorKind
from shared.sql.engine.lists import any_of
from shared.sql.engine.text import begins_with
from shared.sql.schema.record_tables import audit_events
from shared.sql.schema.tables import connections, scans

MAX_CUSTOMERS = 50

PART_OF_AN_ID = re.compile(r"[0-9a-f-]{4,36}")


def found_customers(connection: Connection, search: str) -> list[str]:
    """The tenant ids, of at most MAX_CUSTOMERS; those of whom only the activity log is left are found by it."""
    text = search.strip().lower()
    return _tenants(connection, *_with_consents(text), *_with_scans(text), *_on_record(text))


def held_customers(connection: Connection) -> list[str]:
    """The tenant ids of customers of whom something is held, of at most MAX_CUSTOMERS."""
    return _tenants(connection, select(connections.c.tenant_id), select(scans.c.tenant_id))


def found_scans(connection: Connection, search: str) -> ColumnElement[bool]:
    """The condition of the scans of the customers found, or of the scans whose id begins so."""
    text = search.strip().lower()
    tenants = _tenants(connection, *_with_consents(text), *_with_scans(text))
    if not PART_OF_AN_ID.fullmatch(text):
        return any_of(scans.c.tenant_id, tenants)
    return or_(any_of(scans.c.tenant_id, tenants), begins_with(scans.c.scan_id, text))


def _tenants(connection: Connection, *selects: Select[Any]) -> list[str]:
    """The first ones, each once."""
    limited = (each.distinct().order_by(each.selected_columns[0]).limit(MAX_CUSTOMERS).subquery() for each in selects)
    found = union(*(select(each.c.tenant_id) for each in limited))
    return sorted(connection.execute(found).scalars())[:MAX_CUSTOMERS]


def _with_consents(text: str) -> Iterator[Select[Any]]:
    for column in (connections.c.username_lower, connections.c.username_domain):
        yield select(connections.c.tenant_id).where(begins_with(column, text))
    if PART_OF_AN_ID.fullmatch(text):
        yield select(connections.c.tenant_id).where(begins_with(connections.c.tenant_id, text))


def _with_scans(text: str) -> Iterator[Select[Any]]:
    if PART_OF_AN_ID.fullmatch(text):
        yield select(scans.c.tenant_id).where(begins_with(scans.c.tenant_id, text))


def _on_record(text: str) -> Iterator[Select[Any]]:
    events = audit_events.c
    of_customers = and_(events.actor_kind == ActorKind.CUSTOMER, events.tenant_id.is_not(None))
    for column in (events.actor_name_lower, events.actor_name_domain):
        yield select(events.tenant_id).where(of_customers, begins_with(column, text))
    if PART_OF_AN_ID.fullmatch(text):
        yield select(events.tenant_id).where(begins_with(events.tenant_id, text))
