"""Programs are run with a time limit; what they write about a failure is kept."""

import signal
import sys
import time

import pytest

from bicep.commands import Command
from bicep.runner import DeploymentFailed, Runner, interrupt_on_terminate, uninterrupted


def python(program: str, seconds: float = 60) -> Command:
    return Command((sys.executable, "-S", "-c", program), seconds=seconds)


def test_what_a_program_writes_is_returned_and_its_progress_shown(capfd: pytest.CaptureFixture[str]) -> None:
    assert Runner().run(python("import sys; print('result'); print('progress', file=sys.stderr)")) == "result\n"
    assert "progress\n" in capfd.readouterr().err


def test_a_failure_keeps_what_the_program_said() -> None:
    with pytest.raises(DeploymentFailed, match="exit 3") as raised:
        Runner().run(python("import sys; print('why', file=sys.stderr); sys.exit(3)"))
    assert raised.value.said == "why\n"


def test_a_question_that_fails_says_why_in_its_text() -> None:
    with pytest.raises(DeploymentFailed, match="why"):
        Runner().ask(python("import sys; sys.exit('why')"))


def test_an_answer_that_is_not_json_is_a_failure() -> None:
    with pytest.raises(DeploymentFailed, match="not JSON"):
        Runner().ask(python("print('<html>')"))


def test_a_program_that_does_not_end_is_ended() -> None:
    begun = time.monotonic()
    with pytest.raises(DeploymentFailed, match="no end after"):
        Runner().run(python("import time; time.sleep(60)", seconds=0.2))
    assert time.monotonic() - begun < 30


def test_a_program_that_is_not_there_is_named() -> None:
    with pytest.raises(DeploymentFailed, match="no-such-program does not run here"):
        Runner().run(Command(("no-such-program",)))


def test_each_is_run_whatever_became_of_the_others(capfd: pytest.CaptureFixture[str]) -> None:
    ok, bad = python("import sys; print('ran', file=sys.stderr)"), python("raise SystemExit(1)")
    with pytest.raises(DeploymentFailed, match="exit 1"):
        Runner().run_all([bad, ok, bad, ok])
    assert capfd.readouterr().err.count("\nran\n") == 2


def test_signals_do_not_end_what_may_not_be_interrupted() -> None:
    interrupt_on_terminate()
    with uninterrupted():
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGTERM)
        assert Runner().read(python("import signal; print(signal.getsignal(signal.SIGTERM).name)")) == "SIG_IGN\n"
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGTERM)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
