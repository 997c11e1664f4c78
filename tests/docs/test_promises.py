"""Each promise is held by tests that are there."""

import re

import pytest
from docs.pages import ROOT

PAGE = ROOT / "docs/promises.md"
ROWS = re.findall(r"^\| (P\d+) \|[^|]*\| (.*) \|$", PAGE.read_text("utf-8"), re.MULTILINE)


def test_they_are_numbered_without_a_gap() -> None:
    assert [name for name, _ in ROWS] == [f"P{number}" for number in range(1, len(ROWS) + 1)]


@pytest.mark.parametrize(("promise", "told"), ROWS, ids=[name for name, _ in ROWS])
def test_the_tests_it_names_are_there(promise: str, told: str) -> None:
    parts = re.split(r"\[\w+\]\((\.\./[^)]+)\)", told)[1:]
    assert parts, f"{promise} names no file"
    for file, named in zip(parts[::2], parts[1::2], strict=True):
        text = (PAGE.parent / file).read_text("utf-8")
        tests = re.findall(r"`(test_\w+)`", named)
        assert tests, f"{promise}: {file} without a test"
        assert [test for test in tests if f"def {test}(" not in text] == []
