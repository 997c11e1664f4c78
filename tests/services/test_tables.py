"""Whoever opens an empty database makes all of its tables, whatever else is imported."""

import subprocess
import sys
from pathlib import Path

from sqlalchemy import create_engine, inspect

from infra.settings import Settings
from services import bootstrap, standalone

MAKE = """from pathlib import Path
from infra.settings import Settings
from services import bootstrap
made = bootstrap.platform(Settings(data=Path({!r})))
made.prepare()
made.close()"""


def test_a_process_that_knows_the_platform_alone_makes_every_table(tmp_path: Path) -> None:
    """The process of the test has all modules at hand, as the standalone platform has."""
    alone, whole = tmp_path / "alone", tmp_path / "whole"
    subprocess.run([sys.executable, "-c", MAKE.format(str(alone))], check=True, timeout=120)
    assert standalone  # has imported whatever runs
    made = bootstrap.platform(Settings(data=whole))
    made.prepare()
    made.close()
    assert _tables(alone) == _tables(whole)


def _tables(folder: Path) -> set[str]:
    return set(inspect(create_engine(Settings(data=folder).database)).get_table_names())
