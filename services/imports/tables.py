"""A file is read whole and checked whole: every fault is named by file, line and column."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from io import StringIO
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)

from commands import fields
from commands.fields import FIRST, LAST, Id, fault
from services.faults import words_of

M = TypeVar("M", bound="TableLine")
T = TypeVar("T")
SHOWN = 50
WHOLE = re.compile(r"-?[0-9]{1,18}")
NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,30})?")
LONGEST_KEY = 56


class Broken(Exception):
    """The files cannot be imported as they are; nothing was written."""

    def __init__(self, problems: list[str]) -> None:
        hidden = len(problems) - SHOWN
        more = [f"… and {hidden} more"] if hidden > 0 else []
        super().__init__("\n".join([*problems[:SHOWN], *more, "Correct this and import again."]))
        self.problems = problems


class TableLine(BaseModel):
    """One line of a file; columns that are not asked for are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    at_line: int


def _empty(text: Any) -> Any:
    return text or None


def _scaled(places: int) -> Callable[[Any], int]:
    def scale(text: Any) -> int:
        if not NUMBER.fullmatch(text):
            raise fault("number", "write a number with digits, such as 18.50", "请填写数字：18.50")
        return int(Decimal(text).scaleb(places).quantize(Decimal(1), ROUND_HALF_UP))

    return scale


def _whole(text: Any) -> int:
    if not WHOLE.fullmatch(text):
        raise fault("whole", "write a whole number with digits alone", "请只用数字填写整数")
    return int(text)


def _key(id: str) -> str:
    """Ids of the platform are made from it, and must not be too long for that."""
    if len(id) <= LONGEST_KEY:
        return id
    en, zh = "give a shorter id: at most {most} characters", "编号过长：最多 {most} 个字符"
    raise fault("long_key", en, zh, most=LONGEST_KEY)


def _in_range(day: date) -> date:
    """A day before it, and one after it, can still be told."""
    if FIRST.date() < day < LAST.date():
        return day
    en, zh = "{day} is out of range: give a day after {first}", "{day} 超出范围：须晚于 {first}"
    raise fault("day_range", en, zh, day=day, first=FIRST.date())


Key = Annotated[Id, AfterValidator(_key)]
Whole = Annotated[int, BeforeValidator(_whole)]
Cents = Annotated[int, BeforeValidator(_scaled(2)), Field(ge=0, le=10**15)]
BasisPoints = Annotated[int, BeforeValidator(_scaled(4)), Field(ge=0, le=10_000)]
Day = Annotated[fields.Day, AfterValidator(_in_range)]
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
            problems += [f"{file}, line {number}, {_fault(each)}" for each in error.errors()]


def _fault(error: Any) -> str:
    return f"column {error['loc'][0]}: {error['input']!r}: {words_of(error)[0]}"
