"""Metrics of a job are stored call by call; a call that is repeated replaces what it brought."""

import json
import uuid

from shared.core.audit import Action, AuditEvent, operator
from shared.core.models import Scan
from shared.core.operator_jobs import JobCursor, JobKind, JobState, OperatorJob
from shared.sql.collected.metric_series import MetricSeries, MetricSeriesStore
from shared.sql.reviews.operator_jobs import OperatorJobs
from tests.unit.shared.sql.store import LEASE, NOW, USER, Store


def series(metric: str, *values: float | None) -> MetricSeries:
    return MetricSeries("/subscriptions/a/vm", metric, "Percent", NOW, 3600, tuple((value, None) for value in values))


def claimed(store: Store, scan: Scan) -> OperatorJob:
    job = OperatorJob(
        job_id=str(uuid.uuid4()), tenant_id=scan.tenant_id, scan_id=scan.scan_id, kind=JobKind.METRICS, title="A job",
        parameters_json=json.dumps({}), reason="because", requested_by=USER, requested_by_name="rita@caleta.example",
        requested_at=NOW, state=JobState.QUEUED, state_reason=None, summary=None, parts=2, parts_done=0,
        cursor_json=None, attempt=0, lease_id=None, updated_at=NOW, finished_at=None,
    )  # fmt: skip
    jobs = OperatorJobs(store.database)
    event = AuditEvent(NOW, scan.tenant_id, operator(USER, "rita@caleta.example"), Action.METRICS_FETCHED)
    assert jobs.create(job, event)
    held = jobs.claim(scan.tenant_id, job.job_id, NOW, LEASE)
    assert held is not None
    return held


def test_a_repeated_call_replaces_its_series_and_leaves_those_of_the_call_before(store: Store) -> None:
    job = claimed(store, store.scan())
    metrics = MetricSeriesStore(store.database)
    first = metrics.add(job, JobCursor(part=1), [series("Percentage CPU", 0.1, None)], NOW, LEASE)
    for value in (1.0, 2.0):
        metrics.add(first, JobCursor(part=2), [series("Network In Total", value)], NOW, LEASE)
    stored = metrics.of_job(job.tenant_id, job.job_id)
    assert [(one.metric_name, one.values, one.missing) for one in stored] == [
        ("Percentage CPU", [0.1], 1),
        ("Network In Total", [2.0], 0),
    ]
