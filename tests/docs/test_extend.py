"""What the page builds can be built: its files, put into a copy of the tree, pass their tests."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from docs.pages import ROOT, blocks
from pace import limit

PAGE = ROOT / "docs/extend.md"
PACKAGES = ("aggregates", "commands", "projections", "services", "infra")
REST = "…"
LIMIT = 120


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("extended")
    for package in PACKAGES:
        ignored = shutil.ignore_patterns("__pycache__", "node_modules", "dist")
        shutil.copytree(ROOT / package, folder / package, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", folder)
    (folder / "tests").mkdir()
    shutil.copy(ROOT / "tests/scenario.py", folder / "tests")
    for name, text in files().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    _name_once(folder / "services/bootstrap.py")
    return folder


def files() -> dict[str, str]:
    """The page's files by name; each begins with a comment that names it."""
    found = [b.text.split("\n", 1) for b in blocks(PAGE, "python")]
    return {first.removeprefix("# "): rest for first, rest in found}


def _name_once(bootstrap: Path) -> None:
    """Do what the page's diff says."""
    text = bootstrap.read_text("utf-8")
    lines = blocks(PAGE, "diff")[0].text.splitlines()
    old = ""
    for line in lines:
        sign, content = line[0], line[1:].removesuffix(REST)
        if sign == "-":
            assert text.count(content) == 1, f"{content} is not what the page says"
            old = content
        elif old:
            text, old = text.replace(old, content), ""
        else:
            text = text.replace("from aggregates import", f"{content}\nfrom aggregates import", 1)
    bootstrap.write_text(text, "utf-8")


def run(tree: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *words],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree)},
        capture_output=True,
        text=True,
        timeout=limit(LIMIT),
        stdin=subprocess.DEVNULL,
    )


def test_the_files_of_the_page_pass_their_tests(tree: Path) -> None:
    done = run(tree, "pytest", "-q", "-p", "no:cacheprovider", "tests")
    assert done.returncode == 0, done.stdout[-4000:]
    assert "11 passed" in done.stdout


def test_the_files_of_the_page_are_in_good_style(tree: Path) -> None:
    for words in (("ruff", "check"), ("ruff", "format", "--check")):
        done = run(tree, *words, "--no-cache", *files())
        assert done.returncode == 0, done.stdout
