"""What was asked of a list, as people read it, and as the `where` that asks for it again."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import msgspec

from aggregates import calendar
from aggregates.conditions import UNDER, WITHIN, AllOf, AnyOf, Condition, Not, Tree
from aggregates.where import BARE
from infra.clock import instant, iso, micros
from projections.engine.record import Record
from projections.engine.record_order import Sort
from services import labels
from services.lists.own_conditions import own_conditions

Words = dict[str, str]
JOINED: dict[str, Words] = {
    "en": {"and": " and ", "or": " or ", "not": "not ({})", "bracket": "({})"},
    "zh-CN": {"and": " 且 ", "or": " 或 ", "not": "并非（{}）", "bracket": "（{}）"},
}
SAID: dict[str, Words] = {
    "en": {
        "": "{} is {}",
        "gte": "{} from {} on",
        "lt": "{} before {}",
        "day": "{} on {}",
        "at": "{} at {}",
        "days": "{} from {} to {}",
        "empty": "{} is empty",
        "filled": "{} is not empty",
        UNDER: "{} is {} or below",
    },
    "zh-CN": {
        "": "{}是{}",
        "gte": "{}不早于 {}",
        "lt": "{}早于 {}",
        "day": "{}在 {}",
        "at": "{}在 {}",
        "days": "{}在 {} 至 {}",
        "empty": "{}为空",
        "filled": "{}不为空",
        UNDER: "{}是{}或其下级",
    },
}
WHOLE: dict[str, Words] = {
    "en": {
        "of": "{}: {}",
        "all": "all",
        "search": "; with “{}”",
        "sort": "; sorted by {}",
        "down": "{} from the top down",
        "list": ", ",
    },
    "zh-CN": {
        "of": "{}：{}",
        "all": "全部",
        "search": "；含“{}”",
        "sort": "；按{}排序",
        "down": "{}（降序）",
        "list": "、",
    },
}
ALL_OF_THEM = ("gt", "gte", "lt", "lte", "not")
"""Of several values, all must fit."""


class Wording:
    """The words for one kind in one language."""

    def __init__(self, record: Record[Any], language: str) -> None:
        self.record, self.language = record, language
        self.said, self.joined = SAID[language], JOINED[language]

    def whole(self, tree: Tree, search: str, sort: Sequence[Sort]) -> str:
        words = WHOLE[self.language]
        kind = labels.of("kind", self.record.name, self.language)
        found = words["of"].format(kind, self.tree(tree) or words["all"])
        if search.strip():
            found += words["search"].format(search)
        names = [(self.label(one.field), one.descending) for one in sort]
        told = [words["down"].format(name) if down else name for name, down in names]
        return found + words["sort"].format(words["list"].join(told))

    def tree(self, tree: Tree) -> str:
        match tree:
            case AllOf(parts):
                return self._all(parts, "and")
            case AnyOf(parts):
                return self._all(parts, "or")
            case Not(part):
                return self.joined["not"].format(self.tree(part))
            case Condition():
                return self._condition(tree)

    def label(self, field: str) -> str:
        return labels.of("field", f"{self.record.name}.{field}", self.language)

    def _all(self, parts: Sequence[Tree], word: str) -> str:
        if len(parts) == 1:
            return self.tree(parts[0])
        told = [
            self.joined["bracket"].format(self.tree(one))
            if isinstance(one, (AllOf, AnyOf)) and len(one.parts) > 1
            else self.tree(one)
            for one in parts
        ]
        return self.joined[word].join(told)

    def _condition(self, one: Condition) -> str:
        if (own := own_conditions(self.record).get(one.field)) is not None:
            return own.words[self.language]
        name, said = self.label(one.field), self.said
        if one.operator == "empty":
            return said["empty" if one.values[0] == "true" else "filled"].format(name)
        if one.operator == WITHIN:
            told = [self._within(name, since, before) for since, before in one.values]
            return self.joined["or"].join(told)
        dated = _dated(self.record, one.field)
        values = [self._value(one.field, value, dated) for value in one.values]
        several = self.joined["and" if one.operator in ALL_OF_THEM else "or"].join(values)
        if one.operator in ("", UNDER) or (dated and one.operator in said):
            return said[one.operator].format(name, several)
        label = labels.of("value", f"operator.{one.operator}", self.language)
        if self.language == "en":
            return f"{name} {label[:1].lower()}{label[1:]} {several}"
        return f"{name}{label}{several}"

    def _within(self, name: str, since: Any, before: Any) -> str:
        if isinstance(since, int) and before == since + 1:
            return self.said["at"].format(name, calendar.format_instant(instant(since)))
        first, last = _day(since), _day(before, -1)
        if first == last:
            return self.said["day"].format(name, first)
        return self.said["days"].format(name, first, last)

    def _value(self, field: str, value: Any, dated: bool) -> str:
        if isinstance(value, int):
            return _moment(value) if dated else str(value)
        if dated:
            return str(value)
        path = f"{self.record.name}.{field}.{value}"
        known = self.record.fields.get(field)
        if known is not None and value in known.choices:
            return labels.of("value", path, self.language)
        return f"“{value}”"


def text(tree: Tree, record: Record[Any]) -> str:
    """The `where` that asks for the same again, whatever the day; empty where all is wanted."""
    return _bare(_text(tree, record))


def _text(tree: Tree, record: Record[Any]) -> str:
    match tree:
        case AllOf(parts):
            return _joined([_text(part, record) for part in parts], "and")
        case AnyOf(parts):
            return _joined([_text(part, record) for part in parts], "or")
        case Not(part):
            return f"not ({_bare(_text(part, record))})"
        case Condition():
            return _condition(tree, record)


def _condition(one: Condition, record: Record[Any]) -> str:
    dated = _dated(record, one.field)
    if one.operator == WITHIN:
        pairs = (
            f"({one.field}.gte={_quoted(_edge(a))} and {one.field}.lt={_quoted(_edge(b))})"
            for a, b in one.values
        )
        return _joined(list(pairs), "or")
    name = f"{one.field}.{one.operator}" if one.operator else one.field
    values = [_edge(value) if dated else str(value) for value in one.values]
    told = [f"{name}={_quoted(value)}" for value in values]
    return _joined(told, "and" if one.operator in ALL_OF_THEM else "or")


def _joined(parts: Sequence[str], word: str) -> str:
    some = [part for part in parts if part]
    return some[0] if len(some) == 1 else f"({f' {word} '.join(some)})" if some else ""


def _bare(told: str) -> str:
    """Without the brackets around the whole, which stand around it in any case."""
    return told[1:-1] if told.startswith("(") and told.endswith(")") else told


def _quoted(value: str) -> str:
    bare = BARE.fullmatch(value) and not value.startswith("=")
    return value if bare else msgspec.json.encode(value).decode()


def _dated(record: Record[Any], field: str) -> bool:
    known = record.fields.get(field)
    return known is not None and (known.mark.instant or known.mark.day)


def _edge(value: Any) -> str:
    """A day where it begins one, else the instant."""
    if not isinstance(value, int):
        return str(value)
    day = calendar.business_day(instant(value))
    return day.isoformat() if micros(calendar.day_start(day)) == value else iso(value)


def _moment(at: int) -> str:
    told = _edge(at)
    return told if len(told) == len("2026-01-05") else calendar.format_instant(instant(at))


def _day(value: Any, away: int = 0) -> str:
    """The business day that an edge begins, or one that many days away."""
    if isinstance(value, int):
        day = calendar.business_day(instant(value))
    else:
        day = date.fromisoformat(value)
    return (day + timedelta(days=away)).isoformat()
