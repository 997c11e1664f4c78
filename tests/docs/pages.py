"""A page of the documentation, taken apart: its fenced blocks, its links, its headings."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]
# Written by programs, which have tests of their own.
GENERATED = {"docs/capabilities.md", "docs/performance.md"}
WRITTEN = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
PAGES = sorted(page for page in WRITTEN if page.relative_to(ROOT).as_posix() not in GENERATED)
FENCE = re.compile(r"^```([a-z]+)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
VARIES = {"position", "head", "recorded_at", "occurred_at", "id", "digest"} | {
    "lag_events",
    "lag_seconds",
}
"""What differs from run to run: the page shows an example, of the same type."""


class Block(NamedTuple):
    language: str
    text: str


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path, *languages: str) -> list[Block]:
    found = [Block(m[1] or "", m[2]) for m in FENCE.finditer(page.read_text("utf-8"))]
    return [block for block in found if not languages or block.language in languages]


def links(page: Path) -> Iterator[str]:
    """Where the page points to, outside its blocks."""
    for match in LINK.finditer(FENCE.sub("", page.read_text("utf-8"))):
        yield match[1]


def anchors(page: Path) -> set[str]:
    lines = FENCE.sub("", page.read_text("utf-8")).splitlines()
    titles = [line.lstrip("# ").lower() for line in lines if line.startswith("#")]
    return {re.sub(r"[^\w\- ]", "", title).replace(" ", "-") for title in titles}


def agrees(shown: Any, got: Any, at: str = "") -> None:
    """All that the page shows is in what was got; what was got may hold more."""
    if at.rpartition(".")[2] in VARIES:
        assert type(shown) is type(got), f"{at} is {got!r}, shown is {shown!r}"
    elif isinstance(shown, dict):
        for key, value in shown.items():
            assert key in got, f"{at}.{key} is shown, but not answered"
            agrees(value, got[key], f"{at}.{key}")
    elif isinstance(shown, list):
        assert len(shown) <= len(got), f"{at} has {len(got)} members, {len(shown)} are shown"
        for index, value in enumerate(shown):
            agrees(value, got[index], f"{at}.{index}")
    else:
        assert shown == got, f"{at} is {got!r}, shown is {shown!r}"


def last_json(output: str) -> Any:
    """The last line of what a block wrote that is JSON."""
    lines = [line for line in output.splitlines() if line.startswith(("{", "["))]
    return json.loads(lines[-1])
