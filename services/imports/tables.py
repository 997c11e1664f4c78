"""A file is read whole and checked whole: every fault is named by file, line and column."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from io import StringIO
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

M = TypeVar("M", bound="Line")
T = TypeVar("T")
SHOWN = 50
WHOLE = re.compile(r"-?[0-9]{1,18}")


class Broken(Exception):
    """The files cannot be imported as they are; nothing was written."""

    def __init__(self, problems: list[str]) -> None:
        hidden = len(problems) - SHOWN
        more = [f"… and {hidden} more"] if hidden > 0 else []
        super().__init__("\n".join([*problems[:SHOWN], *more, "Correct this and import again."]))
        self.problems = problems


class Line(BaseModel):
    """One line of a file; columns that are not asked for are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    at_line: int


def _empty(text: Any) -> Any:
    return text or None


def _scaled(places: int) -> Callable[[Any], int]:
    def scale(text: Any) -> int:
        try:
            number = Decimal(text)
        except InvalidOperation:
            raise ValueError("not a number") from None
        if not number.is_finite():
            raise ValueError("not a number")
        return int(number.scaleb(places).quantize(Decimal(1), ROUND_HALF_UP))

    return scale


def _whole(text: Any) -> int:
    if not WHOLE.fullmatch(text):
        raise ValueError("not a whole number")
    return int(text)


def _day(text: Any) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("not a day like 1996-07-04") from None


Whole = Annotated[int, BeforeValidator(_whole)]
Cents = Annotated[int, BeforeValidator(_scaled(2)), Field(ge=0)]
BasisPoints = Annotated[int, BeforeValidator(_scaled(4)), Field(ge=0, le=10_000)]
Day = Annotated[date, BeforeValidator(_day)]
Optional = Annotated[T | None, BeforeValidator(_empty)]


def read(path: Path, model: type[M], problems: list[str]) -> list[M]:
    """The file's lines as `model`; what is wrong with them is added to `problems`."""
    try:
        table = csv.reader(StringIO(_text(path), newline=""), strict=True)
        head = next(table, [])
        if missing := model.model_fields.keys() - {*head, "at_line"}:
            problems.append(f"{path.name}, line 1: no column {', '.join(sorted(missing))}")
            return []
        return list(_lines(path.name, model, head, _numbered(table), problems))
    except OSError as error:
        problems.append(f"{path.name}: cannot be read: {error.strerror}")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problems.append(f"{path.name}, line {line}: not UTF-8: save the file as UTF-8")
    except csv.Error as error:
        problems.append(f"{path.name}, line {table.line_num}: {error}")
    return []


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8-sig")


def _numbered(table: Any) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line it begins on; a field may span several."""
    begins = table.line_num + 1
    for cells in table:
        if cells:
            yield begins, cells
        begins = table.line_num + 1


def _lines(
    file: str,
    model: type[M],
    head: list[str],
    records: Iterable[tuple[int, list[str]]],
    problems: list[str],
) -> Iterator[M]:
    for number, cells in records:
        if len(cells) != len(head):
            problems.append(f"{file}, line {number}: {len(cells)} columns, not {len(head)}")
            continue
        try:
            yield model.model_validate(dict(zip(head, cells, strict=True)) | {"at_line": number})
        except ValidationError as error:
            problems += [f"{file}, line {number}, {_fault(fault)}" for fault in error.errors()]


def _fault(fault: Any) -> str:
    return f"column {fault['loc'][0]}: {fault['input']!r}: {fault['msg']}"
