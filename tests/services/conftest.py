"""The command line as whoever types it meets it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services import cli

Run = Callable[..., tuple[int, list[Any], str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`distributary <words>` on a database of the test's own: code, JSON lines and stderr.

    Names given with a value are settings, from then on.
    """
    monkeypatch.setenv("DISTRIBUTARY_DATA", str(tmp_path))

    def run(*words: str, **settings: str) -> tuple[int, list[Any], str]:
        for name, value in settings.items():
            monkeypatch.setenv(f"DISTRIBUTARY_{name}", value)
        monkeypatch.setattr("sys.argv", ["distributary", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        told = capsys.readouterr()
        lines = [json.loads(line) for line in told.out.split("\n") if line.startswith("{")]
        return int(ended.value.code or 0), lines or told.out.split(), told.err

    return run
