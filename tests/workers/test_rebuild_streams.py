"""Records and mentions made in bulk, stream by stream, are as they came event by event."""

import random
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import golden
import pytest
from effort import share
from originals import Originals, prepared
from sqlalchemy import func, inspect, select, text

from aggregates.catalog.product import ProductAdded
from infra import tables
from infra.codec import Codec
from infra.events import Entry
from infra.limits import Limits
from infra.settings import Settings
from projections.engine import Projection, by_stream, progress
from projections.engine.building import begun
from projections.engine.by_stream import BY_STREAM
from projections.engine.record import Record
from services import bootstrap
from services.bootstrap import Platform
from services.workers import building, streams, unpark
from services.workers.apply import Applier
from services.workers.building import AlreadyRunning
from services.workers.follow import Follower
from services.workers.rebuild import Rebuild, Rebuilt, fill, rebuilds
from services.workers.unpark import Skip

EVENTS, STREAMS = 1_500, 9
FEW = "customers", "products", "orders", "opportunities", "mentions"


@pytest.fixture(autouse=True)
def long_history(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand events are a long history here, of many parts and lots."""
    monkeypatch.setattr(streams, "LONG", 1)
    monkeypatch.setattr(building, "LONG", 1)
    monkeypatch.setattr(streams, "LOT", 7)
    monkeypatch.setattr(by_stream, "LONG_PART", 40)


@pytest.fixture
def url(originals: Originals) -> Iterator[str]:
    with originals.copied("postgres", prepared) as url:
        yield url


@pytest.fixture
def platform(url: Any) -> Iterator[Platform]:
    """With few read models: only the law is tried with all."""
    made = bootstrap.platform(Settings(database_url=url))
    yield replace(made, views=[made.view(name) for name in FEW])
    made.close()


def happen(platform: Platform, seed: int, events: int = EVENTS, *, nul: bool = False) -> None:
    """Events of every kind in any order, many told late: some of them fit together, others
    cannot be folded and park their stream. One may have a text that PostgreSQL does not take.
    """
    draw, entries = random.Random(seed), list[Entry]()
    versions = _versions(platform)
    kinds = {kind for view in read_models(platform) for kind in view.kinds}
    known = golden.kinds()
    every = [cls for name, cls in golden.events().items() if known[name].kind in kinds]
    for number in range(events):
        event = golden.example(draw.choice(every))
        if nul and number == events // 2:
            event = golden.example(ProductAdded)
        stream = (
            f"{known[type(event).__name__].kind}-{draw.choice('ab:é-')}{draw.randrange(STREAMS)}"
        )
        versions[stream] = version = versions.get(stream, 0) + 1
        at = draw.choice([number, number, draw.randrange(number + 1)]) * 1_000_000
        data = b"{" if draw.random() < 0.01 else platform.codec.encode(event)
        if nul and number == events // 2:
            data = data.replace(b'"name":"', b'"name":"\\u0000')
        name, who = type(event).__name__, ("tester", f"k{number}", f"k{number}", None)
        entries.append(Entry(stream, version, name, event.schema, at, *who, data))
    with platform.database.write() as connection:
        platform.store.write(connection, platform.store.lock(connection), entries)


def _versions(platform: Platform) -> dict[str, int]:
    column = tables.events.c
    with platform.database.read() as connection:
        latest = select(column.stream, func.max(column.version)).group_by(column.stream)
        return {row[0]: row[1] for row in connection.execute(latest)}


def read_models(platform: Platform) -> list[Projection]:
    return [view for view in platform.views if isinstance(view, BY_STREAM)]


def follow(platform: Platform, codec: Codec | None = None, most: int = 30) -> None:
    views = read_models(platform)
    follower = Follower(Applier(platform.store, views, codec or platform.codec))
    follower.start()
    while follower.step(most):
        pass


def made(platform: Platform, cores: int = 2) -> list[Rebuilt]:
    works = rebuilds(platform.store, platform.codec, read_models(platform))
    fill(works, quietly, cores=cores)
    for work in works:
        with platform.database.read() as connection:
            assert begun(connection, work.view.name, work.new)
    return [work.run(quietly) for work in works]


def quietly(*_: int) -> None:
    pass


def contents(platform: Platform, view: Projection, number: int) -> dict[str, Any]:
    """All that is stored of a generation, and how its tables are made."""
    found: dict[str, Any] = {}
    look = inspect(platform.database.engine)
    with platform.database.read() as connection:
        for place, table in enumerate(view.every_table(number)):
            found[f"rows {place}"] = sorted(map(repr, connection.execute(select(table))))
            indexes = [(i["column_names"], i["unique"]) for i in look.get_indexes(table.name)]
            columns = [(c["name"], c["nullable"]) for c in look.get_columns(table.name)]
            key = look.get_pk_constraint(table.name)["constrained_columns"]
            options = text("SELECT reloptions FROM pg_class WHERE relname=:name")
            ways = connection.execute(options, {"name": table.name}).scalar_one()
            found[f"made {place}"] = sorted(indexes), columns, key, ways
        column = progress.parked.c
        mine = column.view == view.name, column.generation == number
        waits = select(column.log, column.position, column.stream, column.type).where(*mine)
        found["parked"] = sorted(tuple(row) for row in connection.execute(waits))
    return found


def are_alike(platform: Platform, *numbers: int) -> list[dict[str, Any]]:
    """Two generations of every read model, one made event by event; answers the other."""
    found = [[contents(platform, one, at) for at in numbers] for one in read_models(platform)]
    for before, after in found:
        assert after == before
    return [after for _, after in found]


@pytest.mark.parametrize("seed", [1, 4])
def test_what_is_made_stream_by_stream_is_what_came_event_by_event(
    platform: Platform, seed: int
) -> None:
    """Late facts, streams that are parked, and what was skipped, included."""
    every = bootstrap.platform(platform.settings).views
    models = [view for view in every if isinstance(view, BY_STREAM)]
    platform = replace(platform, views=share(models, seed, 2))
    happen(platform, seed)
    follow(platform)
    skipped = 0
    for view in read_models(platform):
        with platform.database.read() as connection:
            waiting = sorted(progress.parked_streams(connection, view.name, 1))
        for stream in waiting[1::2]:
            skipped += unpark.skip(platform, view, Skip(stream, "no use"), "tester").skipped
    done = made(platform)
    assert {(one.switched, len(one.differences), one.generation) for one in done} == {(True, 0, 2)}
    found = are_alike(platform, 1, 2)
    assert skipped
    assert any(one["parked"] for one in found)
    assert all(one["rows 0"] for one in found)
    happen(platform, seed + 10, 200)
    follow(platform)
    made(platform)
    are_alike(platform, 2, 3)


def test_who_is_killed_while_indexes_are_made_begins_anew(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    happen(platform, 3, 300)
    follow(platform)
    monkeypatch.setattr(by_stream, "indexes", lambda *_: [failing])
    with pytest.raises(Killed):
        made(platform)
    monkeypatch.undo()
    monkeypatch.setattr(streams, "LONG", 10**6)  # what was begun in bulk goes on in bulk
    made(platform)
    are_alike(platform, 1, 2)


class Killed(Exception):
    pass


def failing(_: object) -> None:
    raise Killed


def test_what_cannot_be_written_is_left_to_batches_which_park_it(platform: Platform) -> None:
    happen(platform, 4, 300, nul=True)
    follow(platform)
    works = rebuilds(platform.store, platform.codec, read_models(platform))
    fill(works, quietly, cores=1)
    for work in works:
        work.run(quietly)
    [product] = [one for one in read_models(platform) if one.name == "products"]
    assert contents(platform, product, 2)["parked"]
    are_alike(platform, 1, 2)


def test_a_record_that_other_processes_do_not_know_is_made_in_this_one(platform: Platform) -> None:
    happen(platform, 5, 300)
    follow(platform)
    own = [replace(one) for one in read_models(platform) if isinstance(one, Record)]
    fill(rebuilds(platform.store, platform.codec, own), quietly)
    for one in own:
        Rebuild(platform.store, platform.codec, one).run(quietly)
        assert contents(platform, one, 2) == contents(platform, one, 1)


def test_a_fold_may_take_longer_than_a_session_that_idles_may_live(url: Any) -> None:
    settings = Settings(database_url=url)
    with closing(bootstrap.platform(settings)) as platform:
        happen(platform, 7, 300)
        follow(platform)
    with closing(bootstrap.platform(settings, limits=Limits(idle=1.0))) as platform:
        [known] = [one for one in read_models(platform) if one.name == "products"]
        assert isinstance(known, Record)

        def slowly(row: Any, *told: Any) -> Any:
            time.sleep(0.4)
            return known.fold(row, *told)

        slow = replace(known, fold=slowly)
        fill(rebuilds(platform.store, platform.codec, [slow]), quietly)
        Rebuild(platform.store, platform.codec, slow).run(quietly)
        assert contents(platform, known, 2) == contents(platform, known, 1)


def test_of_two_who_make_the_same_record_one_is_sent_away(platform: Platform) -> None:
    happen(platform, 6, 100)
    follow(platform)
    works = rebuilds(platform.store, platform.codec, read_models(platform))
    names = [work.view.name for work in works]
    with building.alone(platform.store, names[:1]), pytest.raises(AlreadyRunning, match=names[0]):
        fill(works, quietly, cores=1)
