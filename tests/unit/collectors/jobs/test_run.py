from dataclasses import replace
from datetime import timedelta

import pytest

from collectors.jobs.run import run
from collectors.scan.sweep import sweep
from shared.core.audit import Action, AuditEvent, operator
from shared.core.errors import BadMessage, ConsentRevoked
from shared.core.mail import MailKind
from shared.core.operator_jobs import JobCursor, JobKind, JobState
from shared.core.operators import Operator
from shared.messaging.queues import OPERATOR_JOBS
from tests.support.clock import START
from tests.support.collecting import FIRST, TENANT, Surroundings
from tests.support.operator_jobs import REVIEWER, asked_for, body_of, now_of, read_scan, repull, worked

HOURS = timedelta(hours=1)


@pytest.mark.parametrize("kind", list(JobKind))
def test_after_24_hours_no_kind_of_job_reads_anything(parts: Surroundings, kind: JobKind) -> None:
    scan = read_scan(parts)
    parts.time.moment += 24 * HOURS
    calls = len(parts.azure.calls)
    parameters = {
        "steps": [], "query": "resources | project id", "subscriptions": [FIRST], "cap": 100, "calls": [],
        "from": START.isoformat(), "until": START.isoformat(),
    }  # fmt: skip
    job = worked(parts, asked_for(parts, scan, kind, parameters))
    assert job.state is JobState.REFUSED
    assert "closed 24 hours after the scan" in str(job.state_reason)
    assert len(parts.azure.calls) == calls


def test_a_window_that_closes_while_a_job_waits_ends_it(parts: Surroundings) -> None:
    scan = read_scan(parts)
    job = repull(parts, scan)
    parts.time.moment += 25 * HOURS
    assert worked(parts, job).state is JobState.REFUSED


def test_after_publication_nothing_is_read(parts: Surroundings) -> None:
    scan = read_scan(parts)
    job = repull(parts, scan)
    who = Operator(REVIEWER, "reviewer@caleta.example", frozenset(), START, START, START)
    event = AuditEvent(START, TENANT, operator(REVIEWER, "r"), Action.FINDINGS_PUBLISHED)
    assert parts.reviews.publish(scan.key, who, START, event)
    ended = worked(parts, job)
    assert (ended.state, "published" in str(ended.state_reason)) == (JobState.REFUSED, True)


def test_a_lost_message_is_sent_again_and_a_dead_workers_job_taken_over(parts: Surroundings) -> None:
    scan = read_scan(parts)
    job = repull(parts, scan)
    assert sweep(parts) == 0
    parts.time.moment += timedelta(minutes=21)
    assert sweep(parts) == 1
    jobs = parts.operator_jobs
    assert jobs.claim(TENANT, job.job_id, parts.clock.now(), 300) is not None
    run(parts, body_of(job, attempt=2))
    assert now_of(parts, job).state is JobState.RUNNING
    parts.time.moment += timedelta(minutes=7)
    assert sweep(parts) == 1
    assert len({message.message_id for message in parts.outbox.of(OPERATOR_JOBS.name)}) == 2
    assert worked(parts, job).state is JobState.DONE


def test_garbage_and_unknown_jobs_are_distinguished(parts: Surroundings) -> None:
    with pytest.raises(BadMessage):
        run(parts, b"{}")
    scan = read_scan(parts)
    job = repull(parts, scan)
    run(parts, body_of(job).replace(job.job_id.encode(), b"00000000-0000-4000-8000-000000000000"))
    assert now_of(parts, job).state is JobState.QUEUED


def test_a_place_survives_being_written_down() -> None:
    position = JobCursor(2, 1, "cursor", 3, (0, 2), simplified=True, good=1, rows=5, notes=("a", "b"))
    assert JobCursor.from_json(position.to_json()) == position
    assert JobCursor.from_json(None) == JobCursor()


@pytest.mark.parametrize(
    ("ends", "mails"), [("lost", [MailKind.SIGN_IN_NEEDED]), ("disconnected", []), ("without-a-mailbox", [])]
)
def test_the_customer_is_notified_once_of_a_consent_that_a_job_finds_lost(
    parts: Surroundings, ends: str, mails: list[MailKind]
) -> None:
    scan = read_scan(parts)
    sender = "" if ends == "without-a-mailbox" else "reviews@caleta.example"
    parts.settings = replace(parts.settings, mail_sender=sender)
    consents = parts.connections
    consents.save(TENANT, scan.user_object_id, "owner@contoso.example", b"token", START)
    if ends == "disconnected":
        consents.disconnect(TENANT, scan.user_object_id, by=operator(REVIEWER, "r"), at=START)
    else:
        consents.require_sign_in(TENANT, scan.user_object_id, "A new password.", at=START)
    parts.broker.tokens.refusal = ConsentRevoked("sign_in_needed", "A new password.")
    for _ in range(2):
        assert worked(parts, repull(parts, scan)).state is JobState.REFUSED
    assert [mail.kind for mail in parts.mail_outbox.of_scan(scan.key)] == mails
