"""Builds the deployment package: `python3 -m bicep.package [file.zip]`.

What git tracks, without what .funcignore names; packages are installed by the platform from
requirements.txt (a remote build). The same tree always gives the same bytes. An SBOM and a
licence list are written beside it; a package without an allowed licence stops the build.

https://learn.microsoft.com/azure/azure-functions/functions-deployment-technologies#remote-build
"""

import fnmatch
import subprocess
import sys
import zipfile
from pathlib import Path, PurePosixPath

from tools.environment import ROOT, VENV, continue_in, prepare

TARGET = ROOT / ".local" / "package.zip"
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The date of every file in the package: the first that a zip can hold."""


def patterns() -> tuple[str, ...]:
    """The lines of .funcignore. Of git's pattern language only plain names, `*` and a closing slash are known."""
    lines = (line.strip() for line in (ROOT / ".funcignore").read_text(encoding="utf-8").splitlines())
    known = tuple(line for line in lines if line and not line.startswith("#"))
    if strange := [line for line in known if line.startswith("!") or "/" in line.rstrip("/") or "**" in line]:
        raise ValueError(f".funcignore: {strange[0]!r} is not understood here")
    return known


def is_left_out(path: str, ignored: tuple[str, ...]) -> bool:
    """Whether a line of .funcignore fits the file's name or, of any kind, one of the folders that it is in."""
    *folders, name = PurePosixPath(path).parts
    files = [one for one in ignored if not one.endswith("/")]
    return any(fnmatch.fnmatchcase(name, one) for one in files) or any(
        fnmatch.fnmatchcase(folder, one.rstrip("/")) for folder in folders for one in ignored
    )


def contents() -> list[str]:
    """The package's files, by their paths in the project."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    ignored = patterns()
    names = sorted(name for name in listing.split("\0") if name and not is_left_out(name, ignored))
    return [name for name in names if (ROOT / name).is_file()]


def build(target: Path = TARGET) -> Path:
    """Writes the package."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name in contents():
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            package.writestr(entry, (ROOT / name).read_bytes())
    return target


def summary(package: Path) -> str:
    """Its size and number of files, in one line."""
    with zipfile.ZipFile(package) as opened:
        files = opened.infolist()
    unpacked = sum(one.file_size for one in files)
    return f"{package}: {package.stat().st_size:,} bytes, {len(files)} files, {unpacked:,} bytes unpacked"


def main(words: list[str]) -> int:
    """Build the package and describe what it depends on, in the app's environment; the exit code."""
    continue_in(prepare(VENV, ("requirements.txt",)), ["-m", "bicep.package", *words])
    from tools.licences import LicenceRefused
    from tools.sbom import describe

    package = build(Path(words[0]) if words else TARGET)
    try:
        described = describe(package)
    except LicenceRefused as refusal:
        package.unlink()
        print(refusal, file=sys.stderr)
        return 1
    print(summary(package), *described, sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
