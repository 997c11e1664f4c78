"""What is said of security is held by tests that are there, and leaves no requirement out."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from docs.pages import ROOT

ASVS = ROOT / "docs/asvs.md"
PAGES = [ASVS, ROOT / "docs/threat-model.md"]
STATES = {"met", "operator", "in part", "not met", "none"}
LEVEL_2 = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2,
    "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1,
    "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2,
    "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4,
    "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4,
    "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2,
    "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1,
    "9.1": 3, "9.2": 4,
    "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3,
    "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4,
    "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5,
    "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7,
    "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3,
}  # fmt: skip
"""How many requirements of levels 1 and 2 each section of ASVS 5.0.0 has; they come first in it."""
ROW = re.compile(r"^\| ([0-9., –]+) \| ([a-z ]+) \| (.+) \|$", re.MULTILINE)
NAMED = re.compile(r"`([\w/]+\.py)::(test_\w+)`")


def numbers(told: str) -> Iterator[str]:
    """`1.2.6–1.2.8, 1.5.1` one by one."""
    for part in told.split(", "):
        first, _, last = part.partition("–")
        section, _, number = first.rpartition(".")
        until = int(last.rpartition(".")[2]) if last else int(number)
        yield from (f"{section}.{one}" for one in range(int(number), until + 1))


def test_every_requirement_stands_there_once() -> None:
    told = [one for row in ROW.findall(ASVS.read_text("utf-8")) for one in numbers(row[0])]
    wanted = {f"{s}.{n}" for s, count in LEVEL_2.items() for n in range(1, count + 1)}
    assert sorted(told) == sorted(set(told))
    assert set(told) == wanted


def test_every_requirement_has_a_state_that_is_explained() -> None:
    rows = ROW.findall(ASVS.read_text("utf-8"))
    assert {state for _, state, _ in rows} <= STATES


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_tests_that_are_named_are_there(page: Path) -> None:
    named = NAMED.findall(page.read_text("utf-8"))
    assert named
    missing = [f"{file}::{test}" for file, test in named if f"def {test}(" not in text_of(file)]
    assert missing == []


@cache
def text_of(file: str) -> str:
    path = ROOT / "tests" / file
    return path.read_text("utf-8") if path.exists() else ""
