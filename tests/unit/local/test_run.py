from pathlib import Path

import pytest

from local.refusals import CannotRun
from local.run import only_run_on


def test_two_runs_cannot_share_a_folder(tmp_path: Path) -> None:
    with only_run_on(tmp_path), pytest.raises(CannotRun, match="Another run uses"), only_run_on(tmp_path):
        pytest.fail("the second run began")


def test_the_folder_is_free_once_the_run_has_ended(tmp_path: Path) -> None:
    for _ in range(2):
        with only_run_on(tmp_path):
            assert (tmp_path / "run.lock").exists()
