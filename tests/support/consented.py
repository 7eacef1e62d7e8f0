"""Scans of users whose consent is kept: without one no scan can be created."""

from datetime import datetime

from shared.core.models import Scan
from shared.core.periods import BillingPeriod
from shared.sql.engine.engine import Database
from shared.sql.scans.connections import Connections
from shared.sql.scans.scans import Scans


def consent(database: Database, tenant_id: str, user: str, at: datetime) -> None:
    """Save a consent unless the user has one."""
    connections = Connections(database)
    if connections.get(tenant_id, user) is None:
        connections.save(tenant_id, user, "owner@contoso.example", b"encrypted", at)


def consented_scan(database: Database, tenant_id: str, user: str, period: BillingPeriod, at: datetime) -> Scan:
    """A requested scan, and its user's consent."""
    consent(database, tenant_id, user, at)
    return Scans(database).create(tenant_id, user, period, at)
