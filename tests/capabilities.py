"""What works is what a test shows to work: `python -m tests.capabilities` writes the table."""

import ast
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

TESTS = Path(__file__).parent
LIST = TESTS / "capabilities.csv"
TABLE = TESTS.parent / "docs" / "capabilities.md"
STORIES = ("api/", "console/", "docs/", "end_to_end/", "imports/", "services/")
"""Where tests send what a person would, and read what another would."""
ABOUT = """# What works

Each line is a capability that a distribution company asks for, with the field's Chinese term and
the wave it belongs to: 1 is the core, 2 breadth, 3 the rest. A capability counts as working when
at least one test shows its rule through the API or the command line, from what a person sends to
what another reads; these tests are named, and the page where one learns to do it. This page is
written by `python -m tests.capabilities`, and a test compares it with the tests there are.
"""


class Capability(NamedTuple):
    id: str
    wave: str
    name: str
    term: str
    page: str
    """Where one learns to do it, below docs."""


class Shown(NamedTuple):
    """A test, and a capability that it shows to work."""

    capability: str
    file: str
    test: str


def capabilities() -> list[Capability]:
    with LIST.open(encoding="utf-8", newline="") as lines:
        return sorted(Capability(**row) for row in csv.DictReader(lines))


def shown() -> list[Shown]:
    """Every mark of every test, read from the source: nothing has to run for it."""
    files = sorted(TESTS.rglob("test_*.py"))
    return sorted({mark for file in files for mark in _marks(file)})


def _marks(file: Path) -> Iterator[Shown]:
    place = file.relative_to(TESTS).as_posix()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for decorator in node.decorator_list:
                yield from (Shown(name, place, node.name) for name in _ids(decorator))


def _ids(decorator: ast.expr) -> Iterator[str]:
    match decorator:
        case ast.Call(func=ast.Attribute(attr="capability"), args=arguments):
            yield from (str(ast.literal_eval(argument)) for argument in arguments)


def table() -> str:
    """The whole page."""
    tests: dict[str, list[Shown]] = {}
    for mark in shown():
        tests.setdefault(mark.capability, []).append(mark)
    every = capabilities()
    rows = [_row(capability, tests.get(capability.id, [])) for capability in every]
    head = (
        "| id | wave | capability | term | status | how | shown by |\n|---|---|---|---|---|---|---|"
    )
    return "\n".join([ABOUT, _count(every, set(tests)), "", head, *rows, ""])


def _count(every: list[Capability], working: set[str]) -> str:
    by_wave = []
    for wave in sorted({each.wave for each in every}):
        ids = {each.id for each in every if each.wave == wave}
        by_wave.append(f"wave {wave}: {len(ids & working)} of {len(ids)}")
    ids = {each.id for each in every}
    return f"**{len(ids & working)} of {len(ids)} work** ({', '.join(by_wave)})."


def _row(capability: Capability, tests: list[Shown]) -> str:
    names = "<br>".join(f"`{_place(test)}`" for test in tests)
    status, how = ("works", f"[{capability.page}]({capability.page})") if tests else ("", "")
    return f"| {' | '.join([*capability[:4], status, how, names])} |"


def _place(test: Shown) -> str:
    return f"{test.file}::{test.test}"


if __name__ == "__main__":
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text(table(), encoding="utf-8")
    print(f"{TABLE} is written")
