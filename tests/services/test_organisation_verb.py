"""The structure of a day, as an operator asks for it on the server."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from feeding import feed

from services.commandline import Code

Run = Callable[..., tuple[int, list[Any], str]]


def test_the_structure_of_a_day_is_shown(run: Run, tmp_path: Path) -> None:
    asked = '{"id": "li", "name": "Li", "department": "east", "region": "sh"}'
    assert run("command", "hire-rep", "--json", asked)[0] == 0
    feed(tmp_path)
    code, (told,), _ = run("organisation")
    assert (code, [row["id"] for row in told["data"]]) == (0, ["east"])
    code, (told,), _ = run("organisation", "--on", "2020-01-01")
    assert (code, told["data"]) == (0, [])
    assert run("organisation", "--on", "yesterday")[0] == Code.USAGE
