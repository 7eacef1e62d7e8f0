"""Checkov's policies over what bicep/ deploys: `python -m tests.architecture.bicep_policies`.

It runs in an environment of its own. Checkov reads the compiler's snapshot: it judges every
resource of every file, with loops unrolled and values resolved. An exception stands beside its
resource in the template (`checkov:skip=<policy>: <reason>`) and counts for that type alone.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from tests.architecture.bicep_snapshot import deployed, paths

SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
RESOURCE_OR_SKIP = re.compile(r"^resource \w+ '([^'@]+)@|checkov:skip=(\w+): (.+)$", re.MULTILINE)
FEWEST_CHECKS = 30
"""Checkov says nothing of what it has no policy for: at least so many must have been tried."""


def template() -> dict[str, Any]:
    """The snapshot in the form of a template that Checkov reads; a name that several resources share becomes the id."""
    shared = [name for name, times in Counter((one.type, one.name) for one in deployed()).items() if times > 1]
    names = [one.config["id"] if (one.type, one.name) in shared else one.name for one in deployed()]
    found = [{**one.config, "name": name} for one, name in zip(deployed(), names, strict=True)]
    return {"$schema": SCHEMA, "contentVersion": "1.0.0.0", "resources": found}


def report() -> dict[str, Any]:
    """Checkov's own report."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "deployed.json"
        path.write_text(json.dumps(template()), encoding="utf-8")
        words = ["--file", str(path), "--framework", "arm", "--skip-download", "--output", "json"]
        ended = subprocess.run(
            [sys.executable, "-m", "checkov.main", *words], cwd=folder, capture_output=True, text=True, check=False
        )
    if not ended.stdout.lstrip().startswith("{"):
        raise SystemExit(f"checkov did not run (exit {ended.returncode}): {ended.stderr[-1000:]}")
    made: dict[str, Any] = json.loads(ended.stdout)
    return made


def exceptions() -> dict[tuple[str, str], str]:
    """The reason of each exception, by resource type and policy."""
    found, kind = {}, ""
    for path in paths():
        for declared, policy, reason in RESOURCE_OR_SKIP.findall(path.read_text(encoding="utf-8")):
            kind = declared or kind
            if policy:
                found[kind, policy] = reason
    return found


def key(check: dict[str, Any]) -> tuple[str, str]:
    """Resource type and policy of one result."""
    provider, kind = check["resource"].split(".")[:2]
    return f"{provider}.{kind}", check["check_id"]


def violations(made: dict[str, Any], excepted: dict[tuple[str, str], str]) -> list[str]:
    """What is wrong, one line each; an exception that nothing needs is wrong too."""
    results = made["results"]
    failed = {key(one): one for one in results["failed_checks"]}
    wrong = [
        f"{one['check_id']} {one['resource']}: {one['check_name']}" for at, one in failed.items() if at not in excepted
    ]
    wrong += [
        f"exception for {policy} of {kind} is not needed" for kind, policy in excepted if (kind, policy) not in failed
    ]
    if made["summary"]["resource_count"] != len(deployed()):
        wrong.append(f"checkov read {made['summary']['resource_count']} of {len(deployed())} resources")
    if len(results["passed_checks"]) < FEWEST_CHECKS:
        wrong.append(f"only {len(results['passed_checks'])} checks passed")
    return wrong


def main() -> int:
    made, excepted = report(), exceptions()
    wrong, passed = violations(made, excepted), len(made["results"]["passed_checks"])
    lines = [f"excepted {policy} of {kind}: {reason}" for (kind, policy), reason in excepted.items()]
    counts = f"{len(wrong)} violations, {len(excepted)} exceptions"
    summary = f"{passed} policies passed over {len(deployed())} resources, {counts}"
    sys.stdout.write("\n".join([*lines, *wrong, summary, ""]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
