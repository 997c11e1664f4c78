"""A whole number is written with digits alone, wherever it is told."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., tuple[int, list[Any], str]]
ODD = "1_0", "+1", " 1", "1.0", "１", "0x1"
ASKING = (
    ("events", "--limit"),
    ("events", "--after"),
    ("parked", "show", "funnel", "opportunity-1", "--limit"),
    ("parked", "skip", "funnel", "opportunity-1", "--reason", "r", "--position"),
    ("parked", "restore", "funnel", "opportunity-1", "--reason", "r", "--position"),
    ("command", "hire-rep", "--json", "{}", "--expected"),
    ("demo", "--days"),
    ("demo", "--seed"),
    ("rebuild", "--processes"),
)


@pytest.mark.parametrize("words", ASKING)
def test_an_option_that_is_a_whole_number_takes_digits_alone(
    run: Run, words: tuple[str, ...]
) -> None:
    for odd in ODD:
        code, _, told = run(*words, odd)
        assert code == 2, odd
        assert "digits alone" in told


def test_an_option_is_held_to_its_range(run: Run) -> None:
    assert run("events", "--limit", "7")[0] == 0
    assert "from 1 on" in run("events", "--limit", "0")[2]
    assert "from 1 to 3650" in run("demo", "--days", "3651")[2]


def test_a_setting_that_is_a_whole_number_takes_digits_alone(run: Run, tmp_path: Path) -> None:
    code, _, told = run("events", QUEUE="5_000")
    assert code == 1
    assert "DISTRIBUTARY_QUEUE" in told
    assert "5_000 is no whole number" in told
    assert run("events", QUEUE="5000")[0] == 0
