"""What the pages tell a reader to type does what the pages say."""

import json
import shlex
import subprocess
from pathlib import Path

import pytest
from docs.conftest import Running
from docs.pages import PAGES, ROOT, Block, agrees, blocks, last_json, name
from waiting import until

LIMIT = 60
"""Seconds for one block, not for the page."""
MARK = "\x1e"
TYPED = [page for page in PAGES if blocks(page, "sh") and page.name != "README.zh-CN.md"]


@pytest.mark.parametrize("page", TYPED, ids=name)
def test_every_command_of_a_page_works_and_answers_as_shown(page: Path, running: Running) -> None:
    parts = blocks(page, "sh", "python", "json")
    outputs = iter(_run(parts, running, page.stem))
    got = ""
    for part in parts:
        if part.language == "json":
            agrees(json.loads(part.text), last_json(got))
        elif _runs(part):
            got = next(outputs)


def _runs(part: Block) -> bool:
    """A Python block that begins with a file's name is a file: another test runs it."""
    return part.language == "sh" or (part.language == "python" and part.text[:2] != "# ")


def _run(parts: list[Block], running: Running, stem: str) -> list[str]:
    """Type the blocks into one shell, one after another; answers what each wrote."""
    script = [f". {shlex.quote(str(ROOT))}/.venv/bin/activate"]
    for number, part in enumerate(part for part in parts if _runs(part)):
        if part.language == "python":
            file = running.folder / f"{stem}-{number}.py"
            file.write_text(part.text, "utf-8")
            script.append(f"python3 -W error {file.name}")
        else:
            script.append(part.text)
        script.append(f"printf '{MARK}'")
    code, told, errors = _typed("\n".join(script), running)
    assert code == 0, f"{told[-2000:]}\n{errors[-2000:]}"
    return told.split(MARK)


def _typed(script: str, running: Running) -> tuple[int | None, str, str]:
    """Run it in a shell; each block may take its time, as many as there are."""
    out, errors = running.folder / "out", running.folder / "errors"
    with out.open("wb") as told, errors.open("wb") as complained:
        shell = subprocess.Popen(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=running.folder,
            env=running.environment,
            stdin=subprocess.DEVNULL,
            stdout=told,
            stderr=complained,
        )

        def seen() -> tuple[int, int]:
            return out.stat().st_size, errors.stat().st_size

        try:
            until(lambda: shell.poll() is not None, LIMIT, progress=seen, tell=errors.read_text)
        finally:
            shell.kill()
            shell.wait()
    return shell.returncode, out.read_text("utf-8"), errors.read_text("utf-8")


def test_both_languages_tell_the_same_tour() -> None:
    ours = ("sh", "json", "console")
    english, chinese = ROOT / "README.md", ROOT / "README.zh-CN.md"
    assert blocks(english, *ours) == blocks(chinese, *ours)
