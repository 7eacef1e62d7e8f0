"""Writes what a deployment package depends on: a CycloneDX SBOM and a licence list, beside the package.

Both come from the lock and from licences.toml, for the Python and platform that run in Azure;
the same tree always gives the same bytes. Needs `packaging`, which the app's lock holds.

https://cyclonedx.org/docs/1.6/json/
"""

import csv
import hashlib
import io
import json
import tomllib
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from packaging.markers import Marker

from tools.environment import ROOT
from tools.licences import Licences, read_licences
from tools.python_version import DEPLOYED
from tools.requirements import Pin, pins

LOCK = ROOT / "requirements.txt"
PLATFORM = {
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_machine": "x86_64",
    "platform_python_implementation": "CPython",
    "platform_system": "Linux",
    "python_full_version": f"{DEPLOYED}.0",
    "python_version": DEPLOYED,
    "sys_platform": "linux",
}
"""What markers in the lock are compared with: the app's runtime, not this machine."""


def deployed_pins(lock: Path = LOCK) -> list[Pin]:
    """Return the pins that are installed in Azure."""
    return [pin for pin in pins(lock) if not pin.marker or Marker(pin.marker).evaluate(PLATFORM)]


def sbom(package: Path, deployed: Sequence[Pin], licences: Licences) -> dict[str, Any]:
    """Return the CycloneDX document. Raises LicenceRefused."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    digest = hashlib.sha256(package.read_bytes()).hexdigest()
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, digest)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": project["name"],
                "name": project["name"],
                "version": project["version"],
                "hashes": [{"alg": "SHA-256", "content": digest}],
            }
        },
        "components": [_component(pin, licences.of(pin.name)) for pin in deployed],
        "dependencies": _dependencies(project["name"], deployed),
    }


def _component(pin: Pin, licence: str) -> dict[str, Any]:
    return {
        "type": "library",
        "bom-ref": _purl(pin),
        "name": pin.name,
        "version": pin.version,
        "licenses": [{"expression": licence}],
        "purl": _purl(pin),
    }


def _purl(pin: Pin) -> str:
    return f"pkg:pypi/{pin.name}@{pin.version}"


def _dependencies(app: str, deployed: Sequence[Pin]) -> list[dict[str, Any]]:
    """Return who needs whom: the lock says it the other way round."""
    parents = {pin.name: _purl(pin) for pin in deployed}
    needs: dict[str, list[str]] = {app: [], **{purl: [] for purl in parents.values()}}
    for pin in deployed:
        for who in pin.required_by:
            needs[app if who.startswith("-r ") else parents[who]].append(_purl(pin))
    return [{"ref": ref, "dependsOn": sorted(purls)} for ref, purls in sorted(needs.items())]


def licence_list(deployed: Sequence[Pin], licences: Licences) -> str:
    """Return a CSV file: package, version, SPDX expression. Raises LicenceRefused."""
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\n")
    rows.writerow(("package", "version", "licence"))
    rows.writerows((pin.name, pin.version, licences.of(pin.name)) for pin in deployed)
    return written.getvalue()


def describe(package: Path) -> list[Path]:
    """Write the SBOM and the licence list beside the package and return where. Raises LicenceRefused."""
    deployed, licences = deployed_pins(), read_licences()
    document = json.dumps(sbom(package, deployed, licences), indent=2, sort_keys=True) + "\n"
    texts = {".cdx.json": document, ".licences.csv": licence_list(deployed, licences)}
    files = {package.with_suffix(suffix): text for suffix, text in texts.items()}
    for file, text in files.items():
        file.write_text(text, encoding="utf-8", newline="\n")
    return list(files)
