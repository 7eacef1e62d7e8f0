"""What must hold of every cell: nothing doubled, nothing lost unsaid, nothing told that is secret."""

import re

from collectors.scan.outcomes import SIGN_IN_NEEDED
from shared.core.coverage import coverage
from shared.core.models import ConnectionState, ScanStatus, Step, StepStatus
from shared.core.operator_jobs import JobState
from tests.faults.matrix.entra import SECRET
from tests.faults.matrix.fault import Ends, Expected
from tests.faults.matrix.truth import LISTING, REPULL
from tests.faults.matrix.workshop import Left
from tests.support.collecting import FIRST

ADVICE = re.compile(
    r"Grant|[Ss]can again|[Ss]ign in again|start a new scan|We have been alerted|sign in to that|read it from|ask "
)
"""What each reason has to hold in some form: what can be done, or that it is being done."""

HOW_IT_ENDED = {
    StepStatus.SUCCEEDED: Ends.WHOLE,
    StepStatus.BLOCKED: Ends.BLOCKED,
    StepStatus.SKIPPED: Ends.SKIPPED,
    StepStatus.FAILED: Ends.FAILED,
}
HOW_A_SCAN_ENDED = {
    ScanStatus.COLLECTED: Ends.WHOLE,
    ScanStatus.BLOCKED: Ends.BLOCKED,
    ScanStatus.FAILED: Ends.FAILED,
}


def check(expected: Expected, subject: str, left: Left, whole: Left) -> str:
    """What the customer reads; empty where everything was read. Raises AssertionError with what is wrong."""
    assert left.struck, "the fault never struck"
    assert not left.too_early, "Azure was asked before the time that it had named"
    _no_secret(left)
    _nothing_made_up(left, whole)
    consent = ConnectionState.SIGN_IN_NEEDED if expected.ends is Ends.SIGN_IN else ConnectionState.ACTIVE
    assert left.connection is consent
    if expected.alert:
        assert any(f"alert={expected.alert} " in line and line.startswith("ERROR") for line in left.lines), left.lines
    if subject == REPULL:
        return _read_again(expected, left, whole)
    if subject == LISTING:
        return _listing(expected, left, whole)
    if expected.ends is Ends.SIGN_IN:
        return _signed_out(expected, left)
    if expected.is_everywhere:
        return _all_unread(expected, left)
    return _step(expected, subject, left, whole)


def _no_secret(left: Left) -> None:
    told = [text for text in (*left.lines, *left.texts) if SECRET in text]
    assert not told, told


def _nothing_made_up(left: Left, whole: Left) -> None:
    """No row twice, no row that is not Azure's, and totals of nothing but the rows."""
    for key, rows in left.rows.items():
        assert rows <= whole.rows[key], (key, rows - whole.rows[key])
    for step in left.steps:
        assert step.rows == left.rows[step.collector, step.subscription_id].total(), step
    read = {step.subscription_id for step in left.steps if step.collector == "costs" and step.rows}
    if ("costs", FIRST) in left.rows:
        assert {row[1] for row in left.totals if row[0] == "subscription"} == read


def _step(expected: Expected, subject: str, left: Left, whole: Left) -> str:
    step = left.step(subject)
    is_partly = step.status is StepStatus.SUCCEEDED and not step.is_read_in_full
    ends = Ends.PARTLY if is_partly else HOW_IT_ENDED[step.status]
    assert (ends, expected.words in (step.status_reason or "")) == (expected.ends, True), step
    _the_rest_went_on(step, left, whole)
    _is_in_the_log(step, left)
    if ends is Ends.WHOLE:
        assert left.rows == whole.rows
        assert left.totals == whole.totals
        assert (left.scan.status, left.scan.status_reason) == (ScanStatus.COLLECTED, None)
        return ""
    _coverage_names(step, expected, left)
    return step.status_reason or ""


def _the_rest_went_on(step: Step, left: Left, whole: Left) -> None:
    others = [other for other in left.steps if other.step_id != step.step_id]
    assert len(others) == len(whole.steps) - 1
    for other in others:
        assert other.status is StepStatus.SUCCEEDED, other
        assert left.rows[other.collector, other.subscription_id] == whole.rows[other.collector, other.subscription_id]


def _is_in_the_log(step: Step, left: Left) -> None:
    """How it ended, in one line with its place."""
    place = {"scan": step.scan_id, "step": str(step.step_id)}
    if step.status_code == "DeadLettered":
        place["alert"] = "dead-letter"
    else:
        place |= {"collector": step.collector, "attempt": str(step.attempt)}
    ended = [line for line in left.lines if _words(line).items() >= place.items() and step.status in line]
    ended = ended or [line for line in left.lines if _words(line).items() >= place.items() and "alert=" in line]
    assert ended, [line for line in left.lines if f"step={step.step_id} " in line]
    assert "reason=" in ended[-1] or step.status is StepStatus.SUCCEEDED


def _words(line: str) -> dict[str, str]:
    """The key=value words of a line; the last value of a key counts."""
    return dict(re.findall(r"(\w+)=(\S+)", line))


def _coverage_names(step: Step, expected: Expected, left: Left) -> None:
    """The report says what is missing, why, and what to do about it."""
    assert left.scan.status is ScanStatus.PARTIAL
    wanted = "1 of 4 datasets is incomplete." if expected.ends is Ends.PARTLY else "1 of 4 datasets are missing: 1 "
    assert wanted in (left.scan.status_reason or "")
    assert step.status_reason
    whole = coverage(left.steps)
    (named,) = (each for each in whole.subscriptions if each.sentences)
    assert named.subscription_id == FIRST
    title = step.collector.replace("_", " ").capitalize()
    (sentence,) = named.sentences
    assert sentence.startswith(f"{title}: ")
    assert sentence.endswith(step.status_reason)
    assert whole.summary == "1 of 2 subscriptions were read in full."
    remedies = [remedy.sentence for remedy in whole.remedies]
    if expected.role:
        assert (step.remedy_role, step.remedy_scope) == (expected.role, f"/subscriptions/{FIRST}")
        assert len(remedies) == 1
    assert ADVICE.search(" ".join([sentence, *remedies])), sentence


def _signed_out(expected: Expected, left: Left) -> str:
    """The scan ends, and every step that had not ended says why."""
    reason = left.scan.status_reason or ""
    assert left.scan.status is ScanStatus.BLOCKED
    assert expected.words in reason
    assert ADVICE.search(reason)
    unread = [step for step in left.steps if step.status is not StepStatus.SUCCEEDED]
    assert unread
    for step in unread:
        assert (step.status, step.status_code, step.status_reason) == (StepStatus.BLOCKED, SIGN_IN_NEEDED, reason)
    return reason


def _all_unread(expected: Expected, left: Left) -> str:
    """The fault hit all that had not been read yet: each of it says so, what was read is whole."""
    unread = [step for step in left.steps if step.status is not StepStatus.SUCCEEDED]
    assert unread
    for step in unread:
        assert HOW_IT_ENDED[step.status] is expected.ends, step
        assert expected.words in (step.status_reason or ""), step
        _is_in_the_log(step, left)
    assert left.scan.status in (ScanStatus.PARTIAL, ScanStatus.FAILED)
    assert f"{len(unread)} of {len(left.steps)} datasets are missing" in (left.scan.status_reason or "")
    told = " ".join(sentence for each in coverage(left.steps).subscriptions for sentence in each.sentences)
    assert unread[0].status_reason is not None
    assert unread[0].status_reason in told
    assert ADVICE.search(told), told
    return unread[0].status_reason


def _read_again(expected: Expected, left: Left, whole: Left) -> str:
    """What was read before stays until all of it has been read again, and the job says why it was not."""
    job = left.job
    assert job is not None
    if expected.ends is Ends.PARTLY:
        assert job.state is JobState.DONE, job
        assert left.scan.status is ScanStatus.PARTIAL
        assert any(expected.words in (step.status_reason or "") for step in left.steps)
        return left.scan.status_reason or ""
    assert (left.rows, left.totals) == (whole.rows, whole.totals)
    assert left.scan.status is ScanStatus.COLLECTED
    assert [line for line in left.lines if _words(line).get("job") == job.job_id and "reason=" in line]
    if expected.ends is Ends.WHOLE:
        assert job.state is JobState.DONE, job
        return ""
    assert job.state is (JobState.REFUSED if expected.ends is Ends.SIGN_IN else JobState.FAILED), job
    assert expected.words in (job.state_reason or ""), job
    assert job.state is JobState.REFUSED or "kept as it was" in (job.state_reason or "")
    return job.state_reason or ""


def _listing(expected: Expected, left: Left, whole: Left) -> str:
    reason = left.scan.status_reason or ""
    wanted = Ends.BLOCKED if expected.ends is Ends.SIGN_IN else expected.ends
    assert HOW_A_SCAN_ENDED.get(left.scan.status) is wanted, left.scan
    if wanted is Ends.WHOLE:
        assert (left.rows, left.totals) == (whole.rows, whole.totals)
        return ""
    assert not left.steps
    assert expected.words in reason, reason
    assert ADVICE.search(reason), reason
    ended = [line for line in left.lines if _words(line).get("scan") == left.scan.scan_id and "reason=" in line]
    assert [line for line in ended if left.scan.status in line or "alert=" in line], left.lines
    return reason
