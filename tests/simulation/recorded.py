"""Checks of the records: every version there was, and what was so then, by folding it anew."""

from collections import defaultdict
from typing import Any

import msgspec

from aggregates import DateFlagged
from infra.clock import iso
from projections.engine import search, words
from projections.engine.reach import EVERYTHING
from projections.engine.reading import AsOf
from projections.engine.record import Record
from projections.engine.record_by_id import one
from projections.engine.record_query import RecordQuery, page
from projections.engine.version_table import FOREVER
from simulation.decode import Decoded
from simulation.figures import generation
from simulation.words import skipped
from simulation.world import World

MOMENTS = 3
SEARCHES = 3


def recorded(world: World, record: Record[Any], events: Decoded) -> list[str]:
    """(r) Each event has its version once, one is current, and any moment is the fold of then."""
    out, own = skipped(world.ground, record.name), defaultdict[str, Decoded](list)
    for event, content in events:
        heard = event.kind in record.kinds and event.position not in out
        if heard and type(content) is not DateFlagged:
            own[event.stream].append((event, content))
    table = f"{record.name}_{generation(world, record)}_versions"
    rows = world.ground.look(f"SELECT DISTINCT stream, position FROM {table}")
    wanted = {(stream, event.position) for stream, mine in own.items() for event, _ in mine}
    whole = set(rows) <= wanted if record.sparse else set(rows) == wanted
    found = [] if whole else [f"(r) the versions of {record.name} are others"]
    query = f"SELECT stream, count(*) FROM {table} WHERE ended = {FOREVER} GROUP BY stream"
    if dict(world.ground.look(query)) != dict.fromkeys(own, 1):
        found.append(f"(r) not one version of each of the {record.name} is current")
    found += _searched(world, record, own)
    return found + [
        f"(r) {stream} as of {as_of} is not the fold of what was known and had happened"
        for stream, mine in own.items()
        for as_of in _moments(world, mine)
        if _told(world, record, stream, as_of) != _folded(record, mine, as_of)
    ]


def _searched(world: World, record: Record[Any], own: dict[str, Decoded]) -> list[str]:
    """The index has what each thing is found by now, and a search finds the same things."""
    said = {}
    for stream, mine in own.items():
        row = _row(record, mine, AsOf())
        said[stream] = words.found_by(record.texts(stream.partition("-")[2], row))
    index = search.grams(record.name, generation(world, record)).name
    grams = world.ground.look(f"SELECT gram, stream FROM {index}")
    wanted = {(gram, stream) for stream, text in said.items() for gram in words.grams(text)}
    found = [] if set(grams) == wanted else [f"(r) the index of the {record.name} lags behind"]
    asked = sorted({text.rpartition(" ")[2] for text in said.values()})[:SEARCHES]
    for word in asked:
        with world.ground.reading() as connection:
            rows, _ = page(
                connection, record, RecordQuery(EVERYTHING, words=[word], limit=len(own)), AsOf()
            )
        things = {stream for stream, text in said.items() if words.matches(text, word)}
        if {record.kind.stream(row["id"]) for row in rows} != things:
            found.append(f"(r) a search of the {record.name} for {word} finds others")
    return found


def _moments(world: World, mine: Decoded) -> list[AsOf]:
    draw, found = world.random, [AsOf()]
    for _ in range(MOMENTS):
        (known, _), (happened, _) = draw.choice(mine), draw.choice(mine)
        instant = draw.choice([None, happened.occurred_at])
        found.append(AsOf(known.position, instant))
    return found


def _told(world: World, record: Record[Any], stream: str, as_of: AsOf) -> Any:
    with world.ground.reading() as connection:
        row = one(connection, record, stream.partition("-")[2], as_of)
    return None if row is None else {name: row[name] for name in record.fields}


def _folded(record: Record[Any], mine: Decoded, as_of: AsOf) -> Any:
    row = _row(record, mine, as_of)
    if row is None:
        return None
    shown = msgspec.json.decode(msgspec.json.encode(row._asdict()))
    instants = [name for name, field in record.fields.items() if field.mark.instant]
    return shown | {name: iso(shown[name]) for name in instants if shown[name] is not None}


def _row(record: Record[Any], mine: Decoded, as_of: AsOf) -> Any:
    row = None
    for event, content in mine:
        known = as_of.position is None or event.position <= as_of.position
        if known and (as_of.occurred_at is None or event.occurred_at <= as_of.occurred_at):
            row = record.fold(record.shape() if row is None else row, event, content)
    return row
