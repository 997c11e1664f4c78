"""Refused rows as a file that spreadsheets open, with the rule and the reason beside each."""

import csv
import re
from collections.abc import Callable
from typing import IO

from services.exports.cells import harmless
from services.faults import Words
from services.imports import cells
from services.imports.matching import REFUSED
from services.imports.sources import Cell, Row

NUMBER = re.compile(r"[+-]?[0-9][0-9,.]*")


class RefusedRows:
    """Writes them as they come, into what `open_file` opens once there are any."""

    def __init__(self, open_file: Callable[[], IO[str]] | None, language: int) -> None:
        self.open_file, self.language = open_file, language
        self.file: IO[str] | None = None
        self.lines = 0

    def write(self, header: Row, rows: list[Row], rule: str, words: Words) -> None:
        if self.open_file is None:
            return
        if self.file is None:
            self.file = self.open_file()
            csv.writer(self.file).writerow([*map(_shown, header[1]), *REFUSED])
        table = csv.writer(self.file)
        for _, row in rows:
            table.writerow([*map(_shown, row), rule, harmless(words[self.language])])
            self.lines += 1

    def close(self) -> None:
        if self.file is not None:
            self.file.close()


def _shown(cell: Cell) -> str:
    """The text of a cell that no spreadsheet runs: a number may begin with its sign."""
    told = cells.text(cell)
    return told if NUMBER.fullmatch(told) else str(harmless(told))
