"""Which fields of records may follow a figure's dimensions, and who may ask by them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from aggregates.conditions import TREE, fields
from aggregates.mentions import NAMED
from projections.engine.attributes import STREAM, Attribute, Attributes, Hop
from projections.engine.figure import Figure
from projections.engine.reach import EVERYTHING
from projections.engine.reading import TOGETHER, Filters
from projections.engine.record import Record
from projections.engine.record_fields import Field
from services.access import masks
from services.access.actions import reading
from services.access.permissions import GRANTED
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
    """What rows may be told apart by: neither numbers nor instants, nor what tells of a person."""
    every = compared(figure).items()
    return {name: one for name, one in every if _is_plain(one.end)}


@cache
def compared(figure: Figure) -> Mapping[str, Attribute]:
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
    for field in dict.fromkeys(name for way in ways for name in way.record.columns):
        having = _alike(field, ways)
        if not having:
            continue
        short = field.removeprefix(f"{having[0].record.kind.kind}_")
        every = [(*way.hops, Hop(way.record, field)) for way in having]
        for name in () if field in but else dict.fromkeys((field, short)):
            found[f"{named}.{name}"] = Attribute(f"{named}.{name}", begins, every)
    return found


def _alike(field: str, ways: Sequence[_Way]) -> list[_Way]:
    """The ways to a field of that name, as far as they lead to one of the same type."""
    found = {way: way.record.fields[field] for way in ways if field in way.record.fields}
    plain = [way for way, one in found.items() if _is_plain(one)]
    first = next((one.type for one in found.values()), None)
    return plain or [way for way, one in found.items() if one.type is first]


def _is_plain(field: Field) -> bool:
    return field.type is str and not field.mark.personal


def hidden(figure: Figure) -> frozenset[str]:
    """Those that whoever asks may not see: to him there are none of these names."""
    granted = GRANTED.get()
    ends = {name: [way[-1] for way in one.ways] for name, one in compared(figure).items()}
    gone = {
        record: masks.hidden(granted, record)
        for record in {hop.record for hops in ends.values() for hop in hops}
    }
    return frozenset(n for n, hops in ends.items() if any(h.field in gone[h.record] for h in hops))


def of_subject(board: Figure) -> list[str]:
    """Those of what a board ranks."""
    return [name for name, one in of(board).items() if one.begins == board.subject]


def names(figure: Figure, name: str) -> str:
    """The kind of what the values of an attribute name; nothing where they are texts."""
    return compared(figure)[name].end.mark.names or ""


def asked(figure: Figure, question: ReadQuery, filters: Filters) -> list[Attribute]:
    """Those that a question names, in its filters or in what its rows are told apart by."""
    known = compared(figure)
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
