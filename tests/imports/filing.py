"""Files made for a test, imported, and what was told of them."""

import csv
from collections.abc import Sequence
from io import StringIO
from typing import Any

from services.bootstrap import Platform
from services.faults import Words
from services.imports import files
from services.imports.files import ImportResult
from services.imports.sources import Row, Source, Spec

Refused = list[tuple[list[Any], str, str]]
"""Cells, rule and reason of each row that was refused."""


def csv_of(*rows: Sequence[Any]) -> bytes:
    text = StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


class Seen:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.rows: Refused = []

    def progress(self, done: int, total: int) -> None:
        self.done = done, total

    def refused(self, header: Row, rows: list[Row], rule: str, words: Words) -> None:
        self.rows += [(cells, rule, words[0]) for _, cells in rows]


def imported(
    platform: Platform, content: bytes, spec: Spec, name: str = "file.csv"
) -> tuple[ImportResult, Refused]:
    seen = Seen()
    one = files.opened(Source(name, content), spec)
    return files.run(platform, one, "cli", seen), seen.rows


def commands(content: bytes, spec: Spec) -> list[Any]:
    """What the rows ask for; every one must be good."""
    found = list(files.opened(Source("file.csv", content), spec).checked())
    poor = [each for each in found if isinstance(each, files.Poor)]
    assert poor == []
    return [each.command for each in found if isinstance(each, files.Good)]
