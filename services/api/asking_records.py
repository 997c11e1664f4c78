"""What a reader may ask of records: conditions on fields, words, an order, and how many."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, create_model

from commands.fields import DIGITS, Digits, When
from infra.clock import micros
from projections.engine import words
from projections.engine.conditions import OPERATORS, Condition
from projections.engine.record import Record
from projections.engine.record_query import Sort
from services import known
from services.api.asking import Instant, Names, ReadQuery
from services.api.problems import Problem, wrong

MOST_VALUES = 100
OF_TEXT = frozenset({"contains", "starts"})
LARGEST = 2**63 - 1
TRUTHS = ("true", "false")
BEFORE_THE_DAY: TypeAdapter[datetime] = TypeAdapter(When)
AFTER_THE_DAY: TypeAdapter[datetime] = TypeAdapter(Instant)


class Single(ReadQuery):
    """One thing, or what happened to it."""


class Listed(ReadQuery):
    """Any of a repeated name, and all of different ones."""

    model_config = ConfigDict(extra="allow", frozen=True)

    q: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")] = Field(
        "",
        description="Words that must all be found in the id or the names: any part of a Chinese"
        " text, its pinyin or its first letters; of others, the beginning of a word or number.",
    )
    sort: Annotated[str, Field(max_length=200)] = Field(
        "id", description="Fields, separated by commas; with a hyphen before it, from the top down."
    )
    count: Literal["capped", "exact"] | None = Field(
        None, description="How many there are in all: up to 1,000, or exactly."
    )
    limit: Annotated[int, Field(ge=1, le=1_000), Digits] = 50


@cache
def listed(record: Record[Any]) -> type[Listed]:
    """The question about one kind: a parameter for each field, whose name may have a suffix."""
    suffixes = ", ".join(f".{one}" for one in OPERATORS)
    said = f"Any of these values. With a suffix: {suffixes}."
    fields: dict[str, Any] = {
        name: (Names, Field([], description=said))
        for name in record.columns
        if name in record.fields
    }
    return create_model(f"{record.name.title()}Listed", __base__=Listed, **fields)


def conditions(record: Record[Any], asked: Listed) -> list[Condition]:
    """Raises the problem of a parameter that names no field, or of a value that cannot be one."""
    if asked.q.strip() and not words.pieces(asked.q):
        raise wrong(
            "q",
            "no_word",
            f"There is neither a letter nor a digit in {asked.q} to look for.",
            f"{asked.q} 中没有可供查找的文字或数字。",
        )
    given: dict[str, Sequence[str]] = {**asked.filters(), **_extra(asked)}
    found = [_condition(record, name, values) for name, values in given.items() if values]
    return [*found, *_not_hidden(record, {one.field for one in found})]


def _not_hidden(record: Record[Any], asked: Collection[str]) -> Iterator[Condition]:
    """What is withdrawn is in no list that does not ask about it."""
    for name, field in record.fields.items():
        if field.mark.hides and name not in asked:
            yield Condition(name, "empty", ["true"])


def _extra(asked: BaseModel) -> dict[str, Sequence[str]]:
    found = asked.model_extra or {}
    return {name: [value] if isinstance(value, str) else value for name, value in found.items()}


def _condition(record: Record[Any], given: str, values: Sequence[str]) -> Condition:
    name, dot, operator = given.partition(".")
    columns = record.columns
    if name not in columns or (dot and operator not in OPERATORS):
        raise _unknown(given, [*columns, *Listed.model_fields] if not dot else _suffixed(columns))
    if len(values) > MOST_VALUES or any("\0" in value for value in values):
        raise wrong(
            given,
            "too_many",
            f"Give at most {MOST_VALUES} values, without a NUL.",
            f"最多 {MOST_VALUES} 个值，且不能含空字符。",
        )
    if operator == "empty":
        return Condition(name, operator, [_truth(given, value) for value in values])
    field = record.fields.get(name)
    if field is not None and field.mark.instant and operator not in OF_TEXT:
        return Condition(name, operator, [_instant(given, operator, value) for value in values])
    if columns[name] is int:
        if operator in OF_TEXT:
            raise wrong(given, "no_text", f"{name} is a number.", f"{name} 是数字。")
        return Condition(name, operator, [_number(given, value) for value in values])
    return Condition(name, operator, values)


def sorts(record: Record[Any], asked: Listed) -> list[Sort]:
    columns, found = record.columns, list[Sort]()
    for word in asked.sort.split(","):
        name = word.removeprefix("-")
        if name not in columns:
            raise _unknown("sort", list(columns), name)
        if name not in [one.field for one in found]:
            found.append(Sort(name, word.startswith("-")))
    return found


def _suffixed(columns: Iterable[str]) -> list[str]:
    return [f"{name}.{one}" for name in columns for one in OPERATORS]


def _unknown(parameter: str, every: Sequence[str], value: str | None = None) -> Exception:
    said = value or parameter
    near = known.nearest(said, every)
    en = f" Did you mean {near}?" if near else f" There are {', '.join(every[:40])}."
    zh = f"您是否要找 {near}？" if near else f"可用的有 {'、'.join(every[:40])}。"
    return wrong(
        parameter, "unknown_field", f"There is no field {said}.{en}", f"没有字段 {said}。{zh}"
    )


def _number(parameter: str, value: str) -> int:
    digits = value.removeprefix("-")
    if not DIGITS.fullmatch(digits) or int(digits) > LARGEST:
        raise wrong(
            parameter,
            "digits",
            f"{value} is no whole number. Write digits alone: 100",
            f"{value} 不是整数。请只填写数字，例如 100",
        )
    return int(value)


def _instant(parameter: str, operator: str, value: str) -> int:
    """Before a day is before its beginning, after it is after its end."""
    edge = AFTER_THE_DAY if operator in ("gt", "lte") else BEFORE_THE_DAY
    try:
        return micros(edge.validate_python(value))
    except ValidationError:
        raise wrong(
            parameter,
            "instant",
            f"{value} is no instant. Write 2026-01-05T09:30:00+08:00, or a day, 2026-01-05.",
            f"{value} 不是时间。请填写 2026-01-05T09:30:00+08:00，或日期 2026-01-05。",
        ) from None


def _truth(parameter: str, value: str) -> str:
    if value not in TRUTHS:
        raise wrong(parameter, "truth", "Write true or false.", "请填写 true 或 false。")
    return value


def unknown(record: Record[Any], id: str) -> Problem:
    """There was no such thing then."""
    name = record.name
    return Problem(
        "not-found",
        (
            f"There is no {id} among the {name} as of then. Look for it in GET /{name}.",
            f"{name} 中当时没有 {id}。请用 GET /{name} 查找。",
        ),
    )
