"""Every package that the product is made of is named, with its digests, and looked up."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from docs.pages import ROOT

from services.local.advisories import AuditResult, assess

PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)
CLEAN = {"name": "idna", "version": "3.18", "vulns": []}
FAULTY = {
    "name": "idna",
    "version": "3.6",
    "vulns": [{"id": "PYSEC-2024-60", "fix_versions": ["3.7"], "aliases": []}],
}
SKIPPED = {"name": "ours", "skip_reason": "Dependency not found on PyPI"}


def test_the_bill_of_materials_names_every_pinned_package_with_its_digests(tmp_path: Path) -> None:
    file = tmp_path / "sbom.json"
    make = (ROOT / "Makefile").read_text()
    words = make.partition("-m cyclonedx_py ")[2].partition("--output-file")[0].replace("\\", " ")
    command = [sys.executable, "-W", "ignore::UserWarning", "-m", "cyclonedx_py", *words.split()]
    subprocess.run([*command, "--output-file", str(file)], cwd=ROOT, check=True, timeout=120)
    made = json.loads(file.read_text())
    assert made["bomFormat"] == "CycloneDX"
    assert made["metadata"]["component"]["name"] == "distributary"
    named = {(one["name"].lower(), one["version"]) for one in made["components"]}
    pinned = {(name.lower(), v) for name, v in PIN.findall((ROOT / "lock/run.txt").read_text())}
    assert named == pinned
    for one in made["components"]:
        assert any(place.get("hashes") for place in one["externalReferences"]), one["name"]


@pytest.mark.parametrize("name", ["run.txt", "dev.txt"])
def test_a_lock_file_pins_by_digest_and_names_no_host(name: str) -> None:
    told = (ROOT / "lock" / name).read_text()
    assert "://" not in told
    assert "--index" not in told
    for block in re.split(r"\n(?=\S)", told.strip()):
        assert PIN.match(block), block[:80]
        assert "--hash=sha256:" in block, block[:80]


@pytest.mark.parametrize(
    ("packages", "code", "said"),
    [
        ([CLEAN], 0, "No vulnerability is known in 1 packages."),
        ([CLEAN, FAULTY], 1, "idna 3.6: PYSEC-2024-60; mended in 3.7"),
        ([CLEAN, SKIPPED], 2, "1 of 2 packages were not looked up (ours)"),
        ([FAULTY, SKIPPED], 1, "idna 3.6"),
        ([], 2, "The lock files name no package."),
    ],
)
def test_what_was_not_looked_up_is_not_taken_for_sound(
    packages: list[Any], code: int, said: str
) -> None:
    found = assess(json.dumps({"dependencies": packages, "fixes": []}), "")
    assert (found.code, said in "\n".join(found.lines)) == (code, True)


def test_a_service_that_does_not_answer_is_named_in_one_line(tmp_path: Path) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text("idna==3.6 --hash=sha256:" + "0" * 64 + "\n")
    nowhere = {**os.environ, "HTTPS_PROXY": "http://127.0.0.1:9", "NO_PROXY": ""}
    done = subprocess.run(
        [sys.executable, "-m", "services.local.advisories", str(lock)],
        env=nowhere,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout.count("\n")) == (2, 1)
    assert "https://pypi.org" in done.stdout


def test_an_audit_that_says_nothing_is_no_audit() -> None:
    assert assess("", "") == AuditResult(
        2,
        [
            "The advisories at https://pypi.org/pypi/NAME/VERSION/json cannot be reached:"
            " pip-audit said nothing"
        ],
    )
