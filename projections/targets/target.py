"""Targets: what is to be reached, and what they are broken down into."""

from typing import Annotated, Any, NamedTuple

from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

from aggregates.targets.target import (
    Axis,
    Level,
    Metric,
    Target,
    TargetBrokenDown,
    TargetChanged,
    TargetPart,
    TargetPartChanged,
    TargetSet,
    TargetWithdrawn,
    changed_part,
)
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import DAY, HIDES, INDEXED, INSTANT, MONEY, names, taking
from projections.engine.scopes import BY_REP


class Breakdown(TypedDict):
    """`gap` is what the parts lack of the whole."""

    by: Axis
    parts: int
    total: Annotated[int, MONEY]
    gap: Annotated[int, MONEY]


class PartOf(TypedDict):
    by: Axis
    target: str
    value: Annotated[int, MONEY]


class Row(NamedTuple):
    metric: Annotated[Metric, INDEXED] = "amount"
    value: Annotated[int, MONEY, INDEXED] = 0
    currency: str | None = None
    period: Annotated[str, INDEXED] = ""
    first: Annotated[str, DAY, INDEXED] = ""
    last: Annotated[str, DAY] = ""
    level: Annotated[Level, INDEXED] = "company"
    rep: Annotated[str | None, names("rep")] = None
    department: Annotated[str | None, names("department")] = None
    region: Annotated[str | None, names("region")] = None
    product: Annotated[str | None, names("product")] = None
    part_of: Annotated[str | None, names("target")] = None
    axis: Axis | None = None
    breakdowns: tuple[Breakdown, ...] = ()
    parts: tuple[PartOf, ...] = ()
    reason: str | None = None
    set_at: Annotated[int, INSTANT] = 0
    withdrawn: Annotated[str | None, HIDES] = None


def fold(row: Row, recorded: Recorded, event: Any) -> Row:
    match event:
        case TargetSet():
            return taking(Row(), event)._replace(set_at=recorded.occurred_at)
        case TargetChanged(value=value, reason=reason):
            return _with(row._replace(value=value, reason=reason), row.parts)
        case TargetWithdrawn(reason):
            return row._replace(withdrawn=reason)
        case TargetBrokenDown(axis, parts):
            return _broken(row, axis, parts)
        case TargetPartChanged(axis, part, value):
            now = (
                TargetPart(one["target"], one["value"]) for one in row.parts if one["by"] == axis
            )
            return _broken(row, axis, changed_part(tuple(now), part, value))
    raise TypeError(f"{type(event).__name__} is no event of a target")


def _broken(row: Row, axis: Axis, parts: tuple[TargetPart, ...]) -> Row:
    news = (PartOf(by=axis, target=one.target, value=one.value) for one in parts)
    return _with(row, (*(one for one in row.parts if one["by"] != axis), *news))


def _with(row: Row, parts: tuple[PartOf, ...]) -> Row:
    told = [
        _breakdown(row.value, axis, parts) for axis in dict.fromkeys(one["by"] for one in parts)
    ]
    return row._replace(parts=parts, breakdowns=tuple(told))


def _breakdown(whole: int, axis: Axis, parts: tuple[PartOf, ...]) -> Breakdown:
    values = [one["value"] for one in parts if one["by"] == axis]
    return Breakdown(by=axis, parts=len(values), total=sum(values), gap=whole - sum(values))


record = Record("targets", Target, Row, fold, scope=BY_REP)
