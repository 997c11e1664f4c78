"""However many rows come in or go out, a process holds few of them at a time."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

FEW, MANY = 8_000, 24_000
"""Rows that are taken first, and then."""
MOST = 50
"""Megabytes."""
GROWTH = 28
"""Megabytes that many rows may take more than few. A row has some forty fields, and takes over two
kilobytes where it is held: 16,000 of them over 32.
"""
TASKS = {"import", "csv", "ndjson", "xlsx", "parquet", "list"}


@pytest.mark.timeout(600)
def test_many_rows_take_as_few_megabytes_as_few_do(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "tests.scale.memory_child", str(tmp_path), str(FEW), str(MANY)]
    found = subprocess.run(words, check=True, capture_output=True, text=True)
    few, many = json.loads(found.stdout)
    assert few.keys() == many.keys() == TASKS
    assert {name: more for name, more in many.items() if more > MOST} == {}
    assert {name: more for name, more in many.items() if more > few[name] + GROWTH} == {}
