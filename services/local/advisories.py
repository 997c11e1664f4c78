"""Known vulnerabilities of what the lock files pin: `make audit`.

Ends with 0 where none is known, with 1 where some are, and with 2 where nobody could tell: a
package that was not looked up is not a package without faults.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

SERVICE = "https://pypi.org/pypi/NAME/VERSION/json"
LONGEST = 600
SECONDS = "15"
"""For each answer of the service."""


class AuditResult(NamedTuple):
    code: int
    lines: list[str]


def ask(files: Sequence[Path]) -> AuditResult:
    """Look up every package of the files, without installing any."""
    named = [part for file in files for part in ("-r", str(file))]
    audit = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes"]
    quiet = ["--progress-spinner", "off", "--timeout", SECONDS, "--format", "json"]
    done = subprocess.run(  # noqa: S603 - our own arguments
        [*audit, *quiet, *named], capture_output=True, text=True, timeout=LONGEST, check=False
    )
    return assess(done.stdout, done.stderr)


def assess(report: str, errors: str) -> AuditResult:
    """What a report of pip-audit comes to; without one, its last line says why."""
    try:
        packages: list[dict[str, Any]] = msgspec.json.decode(report)["dependencies"]
    except (msgspec.DecodeError, KeyError):
        last = errors.strip().splitlines()[-1:] or ["pip-audit said nothing"]
        return AuditResult(2, [f"The advisories at {SERVICE} cannot be reached: {last[0]}"])
    found = [line for one in packages for line in _faults(one)]
    skipped = [one["name"] for one in packages if "skip_reason" in one]
    if skipped:
        few = ", ".join(skipped[:5])
        found.append(
            f"{len(skipped)} of {len(packages)} packages were not looked up ({few}"
            f"{' …' if len(skipped) > 5 else ''}): {SERVICE} must answer for them."
        )
    if len(found) > bool(skipped):
        return AuditResult(1, found)
    if skipped or not packages:
        return AuditResult(2, found or ["The lock files name no package."])
    return AuditResult(0, [f"No vulnerability is known in {len(packages)} packages."])


def _faults(package: dict[str, Any]) -> list[str]:
    called = f"{package['name']} {package.get('version', '')}"
    return [f"{called}: {one['id']}; {_mended(one)}" for one in package.get("vulns", ())]


def _mended(vulnerability: dict[str, Any]) -> str:
    versions = ", ".join(vulnerability["fix_versions"])
    return f"mended in {versions}" if versions else "no version mends it yet"


if __name__ == "__main__":
    code, lines = ask([Path(name) for name in sys.argv[1:]])
    sys.stdout.write("\n".join(lines) + "\n")
    sys.exit(code)
