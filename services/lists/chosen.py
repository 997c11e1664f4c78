"""Fields that are named in one parameter, separated by commas: `fields=name,amount`."""

from collections.abc import Collection
from typing import Any

from aggregates.unclear import Unclear
from projections.engine.record import Record
from services.lists.terms import unknown

ENVELOPE = ("version", "position", "occurred_at", "recorded_at")
MOST = 20


def shown(record: Record[Any], told: str | None) -> list[str]:
    """The columns of a row that are wanted, in that order; none where all are."""
    return _named("fields", told, ["id", *record.fields, *ENVELOPE], 200)


def lined(told: str | None, known: Collection[str]) -> str | None:
    """The list within each thing that a file has a row for each of."""
    if told is None or told in known:
        return told
    if known:
        raise unknown("each", list(known), told)
    raise Unclear(
        "each",
        "no_lines",
        "Nothing here has lines of its own. Leave out each.",
        "此处的记录没有自己的明细行。请去掉 each。",
    )


def faceted(record: Record[Any], told: str | None) -> list[str]:
    return _named("facets", told, list(record.columns), MOST)


def totalled(record: Record[Any], told: str | None) -> list[str]:
    """Numbers that add up: not instants, nor versions."""
    found = _named("totals", told, list(record.columns), MOST)
    numbers = [
        name for name, one in record.fields.items() if one.type is int and not one.mark.instant
    ]
    for name in found:
        if name not in numbers:
            raise _no_number(name, ", ".join(numbers))
    return found


def _named(parameter: str, told: str | None, known: Collection[str], most: int) -> list[str]:
    if told is None:
        return []
    found = list(dict.fromkeys(told.split(",")))
    for name in found:
        if name not in known:
            raise unknown(parameter, list(known), name)
    if len(found) > most:
        raise Unclear(
            parameter, "too_many", f"Name at most {most} fields.", f"最多填写 {most} 个字段。"
        )
    return found


def _no_number(name: str, every: str) -> Unclear:
    en = f"Choose from {every}." if every else "No field of this list does."
    zh = f"可用的有 {every}。" if every else "此列表没有可求和的字段。"
    return Unclear(
        "totals", "no_number", f"{name} is nothing that adds up. {en}", f"{name} 不能求和。{zh}"
    )
