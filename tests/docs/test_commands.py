"""What the pages tell a reader to type does what the pages say."""

import json
import subprocess
from pathlib import Path

import pytest
from docs.conftest import Running
from docs.pages import PAGES, ROOT, Block, agrees, blocks, last_json, name

LIMIT = 120
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
    script = [f". {ROOT}/.venv/bin/activate"]
    for number, part in enumerate(part for part in parts if _runs(part)):
        if part.language == "python":
            file = running.folder / f"{stem}-{number}.py"
            file.write_text(part.text, "utf-8")
            script.append(f"python3 -W error {file.name}")
        else:
            script.append(part.text)
        script.append(f"printf '{MARK}'")
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(script)],
        cwd=running.folder,
        env=running.environment,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done.stdout.split(MARK)


def test_both_languages_tell_the_same_tour() -> None:
    ours = ("sh", "json", "console")
    english, chinese = ROOT / "README.md", ROOT / "README.zh-CN.md"
    assert blocks(english, *ours) == blocks(chinese, *ours)
