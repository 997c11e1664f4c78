"""One condition as it is written, `amount.gte=100`, read by the type of its field."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from aggregates.calendar import day_start
from aggregates.conditions import OPERATORS, UNDER, WITHIN, AnyOf, Condition, Not, Tree
from aggregates.unclear import Unclear
from commands.fields import DIGITS, Day, Instant
from infra.clock import micros
from projections.engine.record import Record
from services import filter_values
from services.lists import days
from services.lists.days import Span
from services.type_hints import choices, hints

MOST_VALUES, LONGEST = 100, 200
LARGEST = 2**63 - 1
OF_TEXT = frozenset({"contains", "starts"})
TRUTHS = ("true", "false")
ME = "me"
"""Who asks, in a field that names a representative, an account or signers."""
DAY: TypeAdapter[date] = TypeAdapter(Day)
INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)
Edge = str | int


class Asker(NamedTuple):
    """Who asks, and the business day on which."""

    actor: str
    today: date
    account: str = ""
    identities: tuple[str, ...] = ()
    """As what he may sign, and those of whom he stands in for."""


class Terms:
    """`trees` are the fields whose values lie in a tree, `parameters` what else may be meant, and
    `own` the conditions that take `me` alone.
    """

    def __init__(
        self,
        record: Record[Any],
        asker: Asker,
        trees: Mapping[str, Record[Any]],
        parameters: Collection[str] = (),
        own: Collection[str] = (),
    ) -> None:
        self.record, self.asker, self.trees = record, asker, trees
        self.parameters, self.own = [*parameters, *own], own

    def tree(self, given: str, values: Sequence[str]) -> Tree:
        """Raises `Unclear` where it names no field, or a value that the field cannot have."""
        if given in self.own:
            return _of_asker(given, values)
        name, operator = self._named(given)
        check_values(given, values)
        if operator == "empty":
            return Condition(name, operator, [truth(given, value) for value in values])
        field = self.record.fields.get(name)
        if field is not None and field.mark.signers and operator in ("", "not"):
            some = AnyOf([one for value in values for one in self._signers(name, value)])
            return Not(some) if operator else some
        if field is not None and operator not in OF_TEXT:
            if field.mark.instant:
                return self._dated(name, operator, [self._instants(given, v) for v in values])
            if field.mark.day:
                return self._dated(name, operator, [self._days(given, v) for v in values])
        if self.record.columns[name] is int:
            if operator in OF_TEXT:
                raise Unclear(given, "no_text", f"{name} is a number.", f"{name} 是数字。")
            return Condition(name, operator, [_number(given, value) for value in values])
        if operator in ("", "not"):
            _check_choices(given, values, chosen_from(self.record).get(name))
        return Condition(name, operator, [self._person(name, value) for value in values])

    def _named(self, given: str) -> tuple[str, str]:
        name, dot, operator = given.partition(".")
        columns = self.record.columns
        if name not in columns:
            raise unknown(given, self._suffixed() if dot else [*columns, *self.parameters])
        if dot and operator not in OPERATORS:
            raise unknown(given, self._suffixed())
        if operator == UNDER and name not in self.trees:
            raise no_tree(given, self.trees)
        return name, operator

    def _suffixed(self) -> list[str]:
        return [f"{name}.{one}" for name in self.record.columns for one in OPERATORS]

    def _person(self, name: str, value: str) -> str:
        if value != ME:
            return value
        field = self.record.fields.get(name)
        names = self.record.kind.kind if name == "id" else field.mark.names if field else None
        if names == "account":
            return self.asker.account
        return self.asker.actor if names == "rep" else value

    def _signers(self, name: str, value: str) -> Iterator[Condition]:
        """One of several that a text names, wherever it stands among them."""
        for one in self.asker.identities if value == ME else (value,):
            yield Condition(name, "starts", [f"{one};"])
            yield Condition(name, "contains", [f" {one};"])

    def _span(self, value: str) -> Span | None:
        try:
            return days.span(value, self.asker.today)
        except OverflowError:
            return None

    def _instants(self, given: str, value: str) -> tuple[int, int]:
        """From the first on, and before the second: a day is all of it."""
        span = self._span(value)
        try:
            if span is None and len(value) > len("2026-01-05"):
                at = micros(INSTANT.validate_python(days.PLUS.sub("+", value)))
                return at, at + 1
            first, last = span or (day := DAY.validate_python(value), day)
            return micros(day_start(first)), micros(day_start(last + timedelta(days=1)))
        except (ValidationError, OverflowError):
            raise _no_instant(given, value) from None

    def _days(self, given: str, value: str) -> tuple[str, str]:
        span = self._span(value)
        try:
            first, last = span or (day := DAY.validate_python(value), day)
            return first.isoformat(), (last + timedelta(days=1)).isoformat()
        except (ValidationError, OverflowError):
            raise _no_day(given, value) from None

    def _dated(self, name: str, operator: str, spans: Sequence[tuple[Edge, Edge]]) -> Tree:
        """Before a span is before it begins, after it is after it ends."""
        match operator:
            case "":
                return Condition(name, WITHIN, spans)
            case "not":
                return Not(Condition(name, WITHIN, spans))
            case "gte" | "lt":
                return Condition(name, operator, [since for since, _ in spans])
            case "gt":
                return Condition(name, "gte", [before for _, before in spans])
            case "lte":
                return Condition(name, "lt", [before for _, before in spans])
        return AnyOf([])


@cache
def chosen_from(record: Record[Any]) -> Mapping[str, Sequence[str]]:
    """The fields that have one of some values, and these."""
    found = {name: choices(hint) for name, hint in hints(record.shape).items()}
    return {name: every for name, every in found.items() if every}


def _check_choices(given: str, values: Sequence[str], every: Sequence[str] | None) -> None:
    """Raises `Unclear` for a value that the field never has; the empty one is of what has none."""
    name = given.partition(".")[0]
    try:
        filter_values.check({name: values}, {name: ("", *every)} if every else {})
    except filter_values.NoSuchValue as error:
        raise Unclear(given, "unknown_value", str(error), error.zh) from error


def unknown(parameter: str, every: Sequence[str], value: str | None = None) -> Unclear:
    said = value or parameter
    near = filter_values.nearest(said, every)
    en = f" Did you mean {near}?" if near else f" There are {', '.join(every[:40])}."
    zh = f"您是否要找 {near}？" if near else f"可用的有 {'、'.join(every[:40])}。"
    return Unclear(
        parameter, "unknown_field", f"There is no field {said}.{en}", f"没有字段 {said}。{zh}"
    )


def check_values(given: str, values: Sequence[str]) -> None:
    if len(values) > MOST_VALUES or any("\0" in one or len(one) > LONGEST for one in values):
        raise Unclear(
            given,
            "too_many",
            f"Give at most {MOST_VALUES} values, each of {LONGEST} characters at most and without"
            " a NUL.",
            f"最多 {MOST_VALUES} 个值，每个最多 {LONGEST} 个字符，且不能含空字符。",
        )


def _of_asker(given: str, values: Sequence[str]) -> Condition:
    if {*values} != {ME}:
        raise Unclear(
            given,
            "me_alone",
            f"{given} takes {ME} alone. Write {given}={ME}.",
            f"{given} 只能填写 {ME}。请写 {given}={ME}。",
        )
    return Condition(given, "", [ME])


def _number(parameter: str, value: str) -> int:
    digits = value.removeprefix("-")
    if not DIGITS.fullmatch(digits) or int(digits) > LARGEST:
        raise Unclear(
            parameter,
            "digits",
            f"{value} is no whole number. Write digits alone: 100",
            f"{value} 不是整数。请只填写数字，例如 100",
        )
    return int(value)


def truth(parameter: str, value: str) -> str:
    if value not in TRUTHS:
        raise Unclear(parameter, "truth", "Write true or false.", "请填写 true 或 false。")
    return value


def _no_instant(parameter: str, value: str) -> Unclear:
    return Unclear(
        parameter,
        "instant",
        f"{value} is no instant. Write 2026-01-05T09:30:00+08:00, a day, 2026-01-05, or one from"
        f" today on: {days.WRITE}.",
        f"{value} 不是时间。请填写 2026-01-05T09:30:00+08:00、日期 2026-01-05，"
        f"或相对日期：{days.WRITE}。",
    )


def _no_day(parameter: str, value: str) -> Unclear:
    return Unclear(
        parameter,
        "day",
        f"{value} is no day. Write 2026-01-05, or one from today on: {days.WRITE}.",
        f"{value} 不是日期。请填写 2026-01-05，或相对日期：{days.WRITE}。",
    )


def no_tree(parameter: str, trees: Collection[str]) -> Unclear:
    every = sorted(trees)
    en = f"Fields that do: {', '.join(every)}." if every else "No field of this list does."
    zh = f"可用的字段有 {'、'.join(every)}。" if every else "此列表没有这样的字段。"
    return Unclear(
        parameter,
        "no_tree",
        f"{parameter.partition('.')[0]} names nothing that lies in a tree. {en}",
        f"{parameter.partition('.')[0]} 的值没有上下级。{zh}",
    )
