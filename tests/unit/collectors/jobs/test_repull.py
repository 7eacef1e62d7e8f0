from decimal import Decimal

import pytest
from sqlalchemy import func, select

from collectors.jobs.run import run
from shared.core.audit import Action, Outcome
from shared.core.errors import AzureUnavailable, ConsentRevoked, PermissionMissing, Throttled, UnexpectedPayload
from shared.core.models import ScanKey, ScanStatus, StepStatus
from shared.core.operator_jobs import JobState
from shared.messaging.queues import OPERATOR_JOBS
from shared.sql.schema.desk_tables import job_pages
from shared.sql.schema.tables import raw_pages
from tests.support.collecting import FIRST, SECOND, TENANT, Surroundings, cost_page, latest, steps_of
from tests.support.operator_jobs import COSTS_OF_FIRST, body_of, now_of, read_scan, repull, worked


def spent(parts: Surroundings, scan_id: str) -> dict[str, Decimal]:
    return parts.recommendations.cost_sums(ScanKey(TENANT, scan_id))


def totals(parts: Surroundings, scan_id: str) -> list[Decimal]:
    return [total.billed_cost for total in parts.cost_totals.read(ScanKey(TENANT, scan_id), "service")]


def pages_kept(parts: Surroundings) -> int:
    with parts.database.system_reading() as connection:
        return connection.execute(select(func.count()).select_from(job_pages)).scalar_one()


def test_the_new_rows_take_the_place_of_the_old_and_totals_follow(parts: Surroundings) -> None:
    scan = read_scan(parts)
    parts.azure.pages[COSTS_OF_FIRST] = [cost_page(FIRST, "1.00", "2.00"), cost_page(FIRST, "4.50")]
    job = worked(parts, repull(parts, scan))
    assert (job.state, job.summary) == (JobState.DONE, "1 of 1 dataset was replaced.")
    assert spent(parts, scan.scan_id) == {"GBP": Decimal("7.50")}
    assert totals(parts, scan.scan_id) == [Decimal("7.50")]
    (step,) = steps_of(parts, scan)
    assert (step.status, step.pages, step.rows) == (StepStatus.SUCCEEDED, 2, 3)
    with parts.database.reading(TENANT) as connection:
        assert connection.execute(select(func.count()).select_from(raw_pages)).scalar_one() == 2
    assert pages_kept(parts) == 0
    assert latest(parts, scan).finished_at == scan.finished_at


@pytest.mark.parametrize(
    "mishap",
    [
        PermissionMissing("Reader", "/subscriptions/x", "AuthorizationFailed"),
        UnexpectedPayload("odd"),
    ],
)
def test_what_cannot_be_read_again_stays_as_it_was(parts: Surroundings, mishap: Exception) -> None:
    scan = read_scan(parts)
    parts.azure.pages[COSTS_OF_FIRST] = [cost_page(FIRST, "1.00"), cost_page(FIRST, "2.00")]
    parts.azure.mishaps = [None, mishap]
    job = worked(parts, repull(parts, scan))
    assert job.state is JobState.FAILED
    assert "kept as it was" in str(job.state_reason)
    assert spent(parts, scan.scan_id) == {"GBP": Decimal("10.00")}
    assert pages_kept(parts) == 0
    assert latest(parts, scan).status is ScanStatus.COLLECTED


def test_one_subscription_that_fails_does_not_keep_the_next_from_being_replaced(parts: Surroundings) -> None:
    scan = read_scan(parts, FIRST, SECOND)
    parts.azure.pages["query_costs", SECOND] = [cost_page(SECOND, "3.00")]
    parts.azure.mishaps = [PermissionMissing("Reader", "/subscriptions/x", "AuthorizationFailed")]
    job = worked(parts, repull(parts, scan))
    assert job.state is JobState.DONE
    assert str(job.summary).startswith("1 of 2 datasets were replaced. Name of 1, costs: kept as it was.")
    assert spent(parts, scan.scan_id) == {"GBP": Decimal("13.00")}


def test_until_the_last_page_is_there_only_the_old_rows_are_seen(parts: Surroundings) -> None:
    scan = read_scan(parts)
    parts.azure.pages[COSTS_OF_FIRST] = [cost_page(FIRST, "1.00"), cost_page(FIRST, "2.00")]
    parts.azure.mishaps = [None, Throttled(600, "Cost Management")]
    job = repull(parts, scan)
    run(parts, body_of(job))
    assert now_of(parts, job).state is JobState.WAITING
    assert spent(parts, scan.scan_id) == {"GBP": Decimal("10.00")}
    assert pages_kept(parts) == 1
    (message,) = parts.outbox.of(OPERATOR_JOBS.name)
    assert worked(parts, job).state is JobState.DONE
    assert message.message_id != f"{job.job_id}:1"
    assert spent(parts, scan.scan_id) == {"GBP": Decimal("3.00")}
    assert [call.cursor for call in parts.azure.calls[-2:]] == ["1", "1"]


def test_a_worker_that_dies_leaves_the_old_rows_and_the_next_continues(parts: Surroundings) -> None:
    scan = read_scan(parts)
    parts.azure.pages[COSTS_OF_FIRST] = [cost_page(FIRST, "1.00"), cost_page(FIRST, "2.00")]
    parts.azure.mishaps = [None, MemoryError()]
    job = repull(parts, scan)
    with pytest.raises(MemoryError):
        run(parts, body_of(job))
    assert spent(parts, scan.scan_id) == {"GBP": Decimal("10.00")}
    assert worked(parts, job).state is JobState.DONE
    assert spent(parts, scan.scan_id) == {"GBP": Decimal("3.00")}


def test_a_step_that_was_blocked_is_read_once_the_role_is_there_and_the_scan_is_complete(parts: Surroundings) -> None:
    parts.azure.mishaps = [PermissionMissing("Cost Management Reader", "/subscriptions/x", "RBACAccessDenied")]
    scan = read_scan(parts, FIRST, SECOND)
    assert scan.status is ScanStatus.PARTIAL
    worked(parts, repull(parts, scan, FIRST))
    assert [step.status for step in steps_of(parts, scan)] == [StepStatus.SUCCEEDED] * 2
    assert steps_of(parts, scan)[0].remedy_role is None
    assert latest(parts, scan).status is ScanStatus.COLLECTED
    assert spent(parts, scan.scan_id) == {"GBP": Decimal("20.00")}


def test_faults_that_pass_are_waited_for(parts: Surroundings) -> None:
    scan = read_scan(parts)
    parts.azure.mishaps = [AzureUnavailable("503"), AzureUnavailable("503")]
    assert worked(parts, repull(parts, scan)).state is JobState.DONE


def test_without_consent_nothing_is_read_and_the_job_says_so(parts: Surroundings) -> None:
    scan = read_scan(parts)
    parts.broker.tokens.refusal = ConsentRevoked("revoked", "The consent to this app was taken back.")
    job = worked(parts, repull(parts, scan))
    assert job.state is JobState.REFUSED
    assert "consent has ended" in str(job.state_reason)
    assert spent(parts, scan.scan_id) == {"GBP": Decimal("10.00")}


def test_how_it_ended_is_on_record_under_the_reviewers_name(parts: Surroundings) -> None:
    scan = read_scan(parts)
    worked(parts, repull(parts, scan))
    newest = parts.audit_log.of_customer(TENANT)[0]
    assert (newest.action, newest.outcome, newest.reason) == (Action.REPULL, Outcome.DONE, "because")
    assert newest.actor.name == "reviewer@caleta.example"


def test_a_message_that_comes_twice_does_nothing_more(parts: Surroundings) -> None:
    scan = read_scan(parts)
    job = worked(parts, repull(parts, scan))
    calls = len(parts.azure.calls)
    run(parts, body_of(job))
    assert len(parts.azure.calls) == calls
