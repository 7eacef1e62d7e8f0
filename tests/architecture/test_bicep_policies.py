"""How Checkov's report is judged (it runs in an environment of its own)."""

from typing import Any

from tests.architecture.bicep_policies import FEWEST_CHECKS, exceptions, template, violations
from tests.architecture.bicep_snapshot import deployed

SITES = "Microsoft.Web/sites"


def made(*failed: tuple[str, str], read: int | None = None, passed: int = FEWEST_CHECKS) -> dict[str, Any]:
    checks = [{"check_id": policy, "resource": f"{kind}.name", "check_name": "…"} for kind, policy in failed]
    return {
        "summary": {"resource_count": len(deployed()) if read is None else read},
        "results": {"failed_checks": checks, "passed_checks": [{}] * passed},
    }


def test_every_exception_has_its_reason() -> None:
    assert len(exceptions()) > 10
    assert [at for at, reason in exceptions().items() if len(reason) < 15] == []


def test_an_exception_counts_for_its_own_type_of_resource() -> None:
    excepted = {(SITES, "CKV_1"): "a reason"}
    assert violations(made((SITES, "CKV_1")), excepted) == []
    assert len(violations(made((SITES, "CKV_1"), ("Microsoft.Sql/servers", "CKV_1")), excepted)) == 1


def test_an_exception_that_nothing_needs_is_a_violation() -> None:
    assert violations(made(), {(SITES, "CKV_1"): "a reason"}) == [
        "exception for CKV_1 of Microsoft.Web/sites is not needed"
    ]


def test_a_resource_that_was_not_read_is_a_violation() -> None:
    assert len(violations(made(read=1), {})) == 1
    assert len(violations(made(passed=1), {})) == 1


def test_every_resource_has_a_name_that_the_report_can_tell_apart() -> None:
    names = [(one["type"], one["name"]) for one in template()["resources"]]
    assert len(set(names)) == len(names) == len(deployed())
