"""Which fields of records may follow a figure's dimensions, and who may ask by them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from aggregates.mentions import NAMED
from projections.engine.attributes import STREAM, Attribute, Attributes, Hop
from projections.engine.conditions import TREE, fields
from projections.engine.figure import Figure
from projections.engine.reach import EVERYTHING
from projections.engine.reading import TOGETHER, Filters
from projections.engine.record import Record
from services.access.actions import reading
from services.api.asking import ReadQuery
from services.api.expanding import kinds_meant
from services.api.freshness import ReadContext
from services.api.problems import Problem, wrong
from services.bootstrap import RECORDS

MOST = 4
"""Attributes in one question, each of which is joined."""
BY_KIND = {record.kind.kind: record for record in RECORDS}


@cache
def of(figure: Figure) -> Mapping[str, Attribute]:
    """All that may be named, as `item.category`; a thing's own fields where no dimension says it.

    A field that begins with its kind may be called without it: `customer.kind`.
    """
    if not figure.follows:
        return {}
    found = dict[str, Attribute]()
    for dimension in figure.filtered:
        kinds = kinds_meant(NAMED[dimension]) if dimension in NAMED else ()
        those = [_Way((), BY_KIND[kind]) for kind in kinds if kind in BY_KIND]
        found |= _fields(dimension, dimension, those)
    if own := _own(figure):
        found |= _fields(own.kind.kind, STREAM, [_Way((), own)], but=figure.view.dimensions)
        for name, field in own.fields.items():
            kind = field.mark.names
            if kind in BY_KIND and name not in figure.view.dimensions and not field.nested:
                found |= _fields(name, STREAM, [_Way((Hop(own, name),), BY_KIND[kind])])
    return found


class _Way(NamedTuple):
    """How a record is come to."""

    hops: tuple[Hop, ...]
    record: Record[Any]


def _own(figure: Figure) -> Record[Any] | None:
    """The record of the thing that all events of a view happened to."""
    (kind, *more) = figure.view.kinds
    return None if more else BY_KIND.get(kind)


def _fields(
    named: str, begins: str, ways: Sequence[_Way], but: Sequence[str] = ()
) -> dict[str, Attribute]:
    found = dict[str, Attribute]()
    for field in dict.fromkeys(name for way in ways for name in _texts(way.record)):
        having = [way for way in ways if field in set(_texts(way.record))]
        short = field.removeprefix(f"{having[0].record.kind.kind}_")
        every = [(*way.hops, Hop(way.record, field)) for way in having]
        for name in () if field in but else dict.fromkeys((field, short)):
            found[f"{named}.{name}"] = Attribute(f"{named}.{name}", begins, every)
    return found


def _texts(record: Record[Any]) -> Iterator[str]:
    """What things can be grouped by: neither numbers nor instants, nor what tells of a person."""
    for name, field in record.fields.items():
        if field.type is str and not field.mark.personal:
            yield name


def of_subject(board: Figure) -> list[str]:
    """Those of what a board ranks."""
    return [name for name, one in of(board).items() if one.begins == board.subject]


def names(figure: Figure, name: str) -> str:
    """The kind of what the values of an attribute name; nothing where they are texts."""
    hop = of(figure)[name].ways[0][-1]
    return hop.record.fields[hop.field].mark.names or ""


def asked(figure: Figure, question: ReadQuery, filters: Filters) -> list[Attribute]:
    """Those that a question names, in its filters or in what its rows are told apart by."""
    known = of(figure)
    by = getattr(question, "by", None)
    several = by if isinstance(by, list) else []
    named = [*_named(filters), *several, getattr(question, "grouped", None) or ""]
    found = [known[name] for name in dict.fromkeys(named) if name in known]
    if len(found) > MOST:
        raise wrong(
            found[MOST].name,
            "too_many",
            f"{len(found)} fields of records are asked for. Ask for at most {MOST} at once.",
            f"同时查询了 {len(found)} 个档案字段。一次最多 {MOST} 个。",
        )
    return found


def _named(filters: Filters) -> Iterator[str]:
    for name, wanted in filters.items():
        if name == TOGETHER and isinstance(wanted, TREE):
            yield from sorted(fields(wanted))
        else:
            yield name


def records(named: Iterable[Attribute]) -> list[Record[Any]]:
    return list(dict.fromkeys(record for one in named for record in one.records))


def seen_as(named: Sequence[Attribute], seen: ReadContext) -> Attributes:
    """The same as they were at the moment of an answer; raises where they may not be seen."""
    for record in records(named):
        if seen.granted.scope(seen.connection, record) != EVERYTHING:
            raise Problem("forbidden", action=reading(record.kind.kind))
    return Attributes(named, seen.states)
