"""Records: filled from the log, listed and searched; against statements written by hand."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from itertools import cycle
from random import Random
from time import perf_counter
from typing import Any

import msgspec

from aggregates.conditions import Condition
from infra.clock import iso
from infra.database import Database
from projections.customers.customer import record
from projections.engine import Projection, generations, record_query
from projections.engine.reach import EVERYTHING, Reach
from projections.engine.reading import NOW
from projections.engine.record_order import Sort, ordered
from projections.engine.record_query import RecordQuery
from services.api.freshness import snapshot
from services.bootstrap import Platform
from services.workers.apply import Applier
from services.workers.follow import Follower
from services.workers.rebuild import fill, rebuilds
from tests.performance import shops
from tests.performance.pairs import Figure, in_turns
from tests.performance.records_by_hand import ByHand
from tests.performance.stage import QUICK, Scale, Stage

CUSTOMERS, FEW = 1_000_000, 2_000
MANY = 4
"""So many times the events of the other rows: processes take a second to start."""
FIELDS = ("id", *record.fields, "version", "position", "happened", "recorded_at")
INSTANTS = ("registered_at", "happened", "recorded_at")
NAMES = ",".join(f"v.{name}" for name in FIELDS)
LIST = (
    f"SELECT {NAMES} FROM customers_1_versions v"
    " WHERE v.region={mark} AND v.ended=9223372036854775807"
    " ORDER BY v.registered_at DESC, v.stream, v.log LIMIT 51"
)
SEARCH = (
    f"SELECT {NAMES} FROM customers_1_versions v"
    " WHERE v.ended=9223372036854775807 AND (v.stream, v.log) IN"
    " (SELECT stream, log FROM customers_1_grams WHERE {found})"
    " ORDER BY v.stream, v.log LIMIT 51"
)
decode = msgspec.json.Decoder().decode
SCOPES = (
    {"department": frozenset({"sales-3", "sales-7", "sales-9"})},
    {"region": frozenset({"region-2", "region-4"})},
    {"owner": frozenset({"rep-007"})},
    {"dealer": frozenset({"C0000007"})},
)
"""Of a department with those below it, of regions, of a representative's own, and of a dealer."""
PAIR, RANGE = "gram={mark}", "gram BETWEEN {mark} AND {mark}"


def records(stage: Stage) -> Mapping[str, Figure]:
    size = FEW if stage.scale == QUICK else CUSTOMERS
    address = stage.database()
    sqlite = f"sqlite:///{stage.directory('records') / 'records.sqlite'}"
    found = {"record_project": project(stage), "record_rebuild": rebuild(stage)}
    with closing(Database(address)) as postgres, closing(Database(sqlite)) as file:
        for database in (postgres, file):
            with database.write() as connection:
                generations.create(connection, [record])
        shops.rows([postgres, file], size)
        for name, database in (("postgres", postgres), ("sqlite", file)):
            found |= {f"{each}_{name}": one for each, one in _asked(database, stage.scale)}
    return found


def project(stage: Stage) -> Figure:
    """Events of customers into their record: the versions, what is found, and the position."""
    platform, events = stage.platform(), stage.scale.events
    shops.fill(platform, events)

    def ours() -> float:
        _empty(platform.database)
        return events / follow(platform, [record])

    def reference() -> float:
        _empty(platform.database)
        loop = ByHand(platform.settings)
        start = perf_counter()
        while loop.step():
            pass
        rate = events / (perf_counter() - start)
        loop.close()
        return rate

    ours()
    mine = _contents(platform.database)
    reference()
    assert _contents(platform.database) == mine, "the two did not write the same rows"
    return in_turns(ours, reference, stage.scale.rounds, "events/s")


def rebuild(stage: Stage) -> Figure:
    """The same made anew in bulk, until it is compared and switched; against event by event."""
    platform, events = stage.platform(), MANY * stage.scale.events
    shops.fill(platform, events)

    def by_event() -> float:
        _empty(platform.database)
        return events / follow(platform, [record])

    def in_bulk() -> float:
        start = perf_counter()
        works = rebuilds(platform.store, platform.codec, [record])
        fill(works, _quietly)
        assert works[0].run(_quietly).switched
        with platform.database.write() as connection:
            generations.switch(connection, record.name, 1)
        return events / (perf_counter() - start)

    by_event()
    in_bulk()
    return in_turns(in_bulk, by_event, stage.scale.rounds, "events/s")


def follow(platform: Platform, views: Sequence[Projection]) -> float:
    """Seconds until the views have heard all of the log."""
    follower = Follower(Applier(platform.store, views, platform.codec))
    follower.start()
    start = perf_counter()
    while follower.step():
        pass
    return perf_counter() - start


def _quietly(*_: int) -> None:
    pass


def _asked(database: Database, scale: Scale) -> Iterator[tuple[str, Figure]]:
    mark = "?" if database.sqlite else "%s"
    regions = [f"region-{number}" for number in range(6)]
    newest = ordered([Sort("registered_at", descending=True)])
    lists = [
        (RecordQuery(EVERYTHING, [Condition("region", "", [one])], sort=newest), (one,))
        for one in regions
    ]
    chance = Random(5)
    names = [shops.customer(chance).name for _ in range(80)]
    pairs = [name[2:4] if n % 2 else name[4:6] for n, name in enumerate(names)]
    chinese = [(RecordQuery(EVERYTHING, words=[one]), (one,)) for one in pairs if not one.isascii()]
    # Two characters that hardly anything has, in turns with two that many have.
    letters = [shops.customer(chance).name.rpartition(" ")[2][:4] for _ in range(300)]
    latin = [
        (RecordQuery(EVERYTHING, words=[one]), (one, f"{one}\U0010ffff"))
        for one in letters
        if one.isascii()
    ]
    for name, asked, statement in (
        ("record_list", lists, LIST),
        ("record_search", chinese, SEARCH.replace("{found}", PAIR)),
        ("record_search_latin", latin, SEARCH.replace("{found}", RANGE)),
    ):
        by_hand = _by_hand(
            database, statement.replace("{mark}", mark), [v for _, v in asked], scale.pages
        )
        ours = _ours(database, [wanted for wanted, _ in asked], scale.pages)
        yield name, in_turns(ours, by_hand, scale.rounds, "pages/s")
    scoped = [RecordQuery(Reach(within=(one,)).tree(record.scope)) for one in SCOPES]
    every = _ours(database, [RecordQuery(EVERYTHING)], scale.pages)
    yield (
        "scoped_list",
        in_turns(_ours(database, scoped, scale.pages), every, scale.rounds, "pages/s"),
    )


def _ours(database: Database, asked: list[RecordQuery], pages: int) -> Callable[[], float]:
    turn = cycle(asked)

    def once() -> float:
        with snapshot(database) as connection:
            start = perf_counter()
            for _ in range(pages):
                record_query.page(connection, record, next(turn), NOW)
            return pages / (perf_counter() - start)

    return once


def _by_hand(
    database: Database, statement: str, values: list[Any], pages: int
) -> Callable[[], float]:
    turn = cycle(values)

    def once() -> float:
        with database.read() as connection, _cursor(connection) as cursor:
            start = perf_counter()
            for _ in range(pages):
                cursor.execute(statement, next(turn))
                rows = [dict(zip(FIELDS, row, strict=True)) for row in cursor.fetchall()]
                for row in rows:
                    for name in INSTANTS:
                        row[name] = iso(row[name])
                    row["contacts"] = decode(row["contacts"])
            return pages / (perf_counter() - start)

    return once


@contextmanager
def _cursor(connection: Any) -> Iterator[Any]:
    """The driver's own."""
    with closing(connection.connection.cursor()) as cursor:
        yield cursor


def _tables() -> list[str]:
    return [table.name for table in record.every_table(1)]


def _empty(database: Database) -> None:
    with database.write() as connection:
        tables = ", ".join([*_tables(), "view_positions", "view_parked"])
        connection.exec_driver_sql(f"TRUNCATE {tables}")


def _contents(database: Database) -> list[tuple[str, int, int]]:
    with database.read() as connection:
        return [
            (name, *connection.exec_driver_sql(CONTENT.format(name)).one()) for name in _tables()
        ]


CONTENT = "SELECT count(*), sum(hashtext(t::text)) FROM {} t"
