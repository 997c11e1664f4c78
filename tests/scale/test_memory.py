"""However many rows come in or go out, a process holds few of them at a time."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROWS = 100_000
MOST = {"import": 50, "csv": 50, "ndjson": 50, "xlsx": 50, "parquet": 50, "list": 50}
"""Megabytes. Parquet keeps a group of rows, column by column, until it is full."""


@pytest.mark.timeout(900)
def test_a_hundred_thousand_rows_add_few_megabytes(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "tests.scale.memory_child", str(tmp_path), str(ROWS)]
    found = subprocess.run(words, check=True, capture_output=True, text=True)
    added = json.loads(found.stdout)
    assert MOST.keys() == added.keys()
    assert {name: more for name, more in added.items() if more > MOST[name]} == {}
