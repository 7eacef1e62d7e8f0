"""Customers' decisions about findings, stored under the finding's key from scan to scan."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from shared.core.audit import AuditEvent
from shared.core.findings import Decision, Finding, FindingState, FindingStatus
from shared.core.models import Scan, ScanKey
from shared.sql.engine.engine import Database
from shared.sql.engine.retries import commit_is_unknown, whole_transaction
from shared.sql.ledgers.audit import record
from shared.sql.scans.scans import scan_is_there
from shared.sql.schema.desk_tables import reviews
from shared.sql.schema.finding_tables import finding_states, findings
from shared.sql.schema.tables import scans

OLDEST_FIRST = (finding_states.c.decided_at, finding_states.c.version, finding_states.c.user_object_id)
"""Earlier releases kept one decision of each user: the latest of them is the organisation's."""


class FindingStates:
    """The organisation's decisions, made in the name of one user, and the findings that this user has seen before."""

    def __init__(self, database: Database, tenant_id: str, user_object_id: str) -> None:
        self._database = database
        self._tenant_id = tenant_id
        self._user_object_id = user_object_id

    @whole_transaction
    def all(self) -> dict[str, FindingState]:
        """The organisation's decisions by the finding's key, made by any of its users."""
        states = finding_states.c
        own = select(finding_states).where(states.tenant_id == self._tenant_id)
        with self._database.reading(self._tenant_id) as connection:
            found = [
                FindingState(
                    row.finding_key, Decision(row.decision), row.reason, row.decided_at, row.decided_by, row.scan_id,
                    row.version, _decisions(row.resources_json), row.owner, row.due_on, row.note,
                    row.previous_json,
                )
                for row in connection.execute(own.order_by(*OLDEST_FIRST))
            ]  # fmt: skip
        return {state.key: state for state in found}

    def decide(self, finding: Finding, state: FindingState, event: AuditEvent) -> bool:
        """Store a decision with its audit event; False if it has changed, or the finding was deleted."""
        try:
            return self._decide(finding, state, event)
        except IntegrityError:  # Another browser of the same user was first.
            return False

    @whole_transaction
    def _decide(self, finding: Finding, state: FindingState, event: AuditEvent) -> bool:
        key = {"tenant_id": self._tenant_id, "user_object_id": self._user_object_id, "finding_key": state.key}
        values = {
            "scan_id": state.scan_id,
            "decision": state.decision,
            "reason": state.reason,
            "decided_at": state.decided_at,
            "decided_by": state.decided_by,
            "version": state.version + 1,
            "resources_json": None if state.by_resource is None else json.dumps(state.by_resource),
            "owner": state.owner,
            "due_on": state.due_on,
            "note": state.note,
            "previous_json": state.previous_json,
        }
        own = and_(findings.c.tenant_id == self._tenant_id, findings.c.finding_id == finding.finding_id)
        as_seen = and_(findings.c.status == FindingStatus.PUBLISHED, findings.c.version == finding.version)
        published = select(findings.c.finding_id).where(own, as_seen)
        with self._database.transaction(self._tenant_id) as connection:
            is_there = scan_is_there(connection, ScanKey(self._tenant_id, finding.scan_id))
            if not is_there or connection.execute(published).first() is None:
                return False
            mine = and_(*(finding_states.c[name] == value for name, value in key.items()))
            stored = and_(mine, finding_states.c.version == state.version + 1)
            same = select(finding_states.c.version).where(stored, finding_states.c.decided_at == state.decided_at)
            if commit_is_unknown() and connection.execute(same).first() is not None:
                return True
            if not _take_back(connection, self._tenant_id, state):
                return False
            connection.execute(insert(finding_states).values(**key, **values))
            record(connection, event)
            return True

    @whole_transaction
    def first_seen(self) -> dict[str, datetime]:
        """When the scan began in which a finding of this key was first published to this user."""
        statement = (
            select(findings.c.finding_key, func.min(scans.c.requested_at))
            .join(scans, and_(scans.c.tenant_id == findings.c.tenant_id, scans.c.scan_id == findings.c.scan_id))
            .where(self._published())
            .group_by(findings.c.finding_key)
        )
        with self._database.reading(self._tenant_id) as connection:
            return {row[0]: row[1] for row in connection.execute(statement)}

    @whole_transaction
    def published_before(self, scan: Scan) -> str | None:
        """The latest earlier scan of which this user has published findings."""
        statement = (
            select(scans.c.scan_id)
            .join(findings, and_(scans.c.tenant_id == findings.c.tenant_id, scans.c.scan_id == findings.c.scan_id))
            .where(self._published(), scans.c.requested_at < scan.requested_at, scans.c.scan_id != scan.scan_id)
            .order_by(scans.c.requested_at.desc(), scans.c.scan_id)
            .limit(1)
        )
        with self._database.reading(self._tenant_id) as connection:
            return connection.execute(statement).scalar()

    @whole_transaction
    def reviewed_before(self, scan: Scan) -> str | None:
        """The latest earlier scan of the organisation, by any of its users, whose review was published."""
        same = and_(scans.c.tenant_id == reviews.c.tenant_id, scans.c.scan_id == reviews.c.scan_id)
        own = and_(reviews.c.tenant_id == self._tenant_id, reviews.c.published_at.is_not(None))
        earlier = and_(scans.c.requested_at < scan.requested_at, scans.c.scan_id != scan.scan_id)
        latest = select(scans.c.scan_id).join(reviews, same).where(own, earlier)
        with self._database.reading(self._tenant_id) as connection:
            newest_first = latest.order_by(scans.c.requested_at.desc(), scans.c.scan_id)
            return connection.execute(newest_first.limit(1)).scalar()

    def _published(self) -> ColumnElement[bool]:
        return and_(
            findings.c.tenant_id == self._tenant_id,
            scans.c.tenant_id == self._tenant_id,
            scans.c.user_object_id == self._user_object_id,
            findings.c.status == FindingStatus.PUBLISHED,
        )


def _take_back(connection: Connection, tenant_id: str, state: FindingState) -> bool:
    """Delete the decision that the user saw; False if it is another one by now."""
    states = finding_states.c
    own = and_(states.tenant_id == tenant_id, states.finding_key == state.key)
    latest = connection.execute(select(finding_states).where(own).order_by(*OLDEST_FIRST)).all()[-1:]
    if not latest or not state.version:
        return not latest and not state.version
    seen = and_(own, states.version == state.version, states.user_object_id == latest[0].user_object_id)
    if latest[0].version != state.version or connection.execute(delete(finding_states).where(seen)).rowcount != 1:
        return False
    connection.execute(delete(finding_states).where(own, states.decided_at <= latest[0].decided_at))
    return True


def rename_resources(connection: Connection, tenant_id: str, key: str, new_ids: Mapping[str, str]) -> None:
    """Let decisions about moved resources follow them; `new_ids` are by the ids before."""
    states = finding_states.c
    own = and_(states.tenant_id == tenant_id, states.finding_key == key, states.resources_json.is_not(None))
    for row in connection.execute(select(finding_states).where(own)).all():
        decisions = {new_ids.get(name, name): word for name, word in json.loads(row.resources_json).items()}
        same = and_(own, states.user_object_id == row.user_object_id, states.version == row.version)
        connection.execute(update(finding_states).where(same).values(resources_json=json.dumps(decisions)))


def previous_text(state: FindingState | None) -> str:
    """Return a decision as `previous_json` keeps it; None: there was no decision."""
    if state is None:
        return json.dumps([Decision.OPEN, None, None])
    return json.dumps([state.decision, state.reason, state.by_resource])


def before_of(state: FindingState) -> FindingState | None:
    """Return the state with the decision before this one; None if there is nothing to undo."""
    if state.previous_json is None:
        return None
    decision, reason, by_resource = json.loads(state.previous_json)
    decided = None if by_resource is None else {name: Decision(word) for name, word in by_resource.items()}
    return replace(state, decision=Decision(decision), reason=reason, by_resource=decided, previous_json=None)


def _decisions(stored: str | None) -> Mapping[str, Decision] | None:
    return None if stored is None else {name: Decision(word) for name, word in json.loads(stored).items()}
