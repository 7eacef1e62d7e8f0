import json
from datetime import timedelta
from pathlib import Path

import pytest

from local.host.app import HOST_JSON
from local.host.limits import read_limits


def test_the_projects_own_settings_are_read() -> None:
    limits = read_limits(HOST_JSON)
    assert limits.concurrent_calls == 4
    assert limits.lock_renewal == timedelta(minutes=30)


def test_locks_are_renewed_for_as_long_as_a_function_may_run() -> None:
    host = json.loads(HOST_JSON.read_text(encoding="utf-8"))
    assert host["extensions"]["serviceBus"]["maxAutoLockRenewalDuration"] == host["functionTimeout"]


@pytest.mark.parametrize(
    ("name", "value"), [("maxConcurentCalls", 4), ("prefetchCount", 20), ("autoCompleteMessages", False)]
)
def test_a_setting_that_the_real_host_would_misread_is_refused(tmp_path: Path, name: str, value: object) -> None:
    host = json.loads(HOST_JSON.read_text(encoding="utf-8"))
    host["extensions"]["serviceBus"][name] = value
    changed = tmp_path / "host.json"
    changed.write_text(json.dumps(host), encoding="utf-8")
    with pytest.raises(ValueError, match=r"extensions\.serviceBus"):
        read_limits(changed)
