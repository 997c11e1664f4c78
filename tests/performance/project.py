"""Kafka into all views: against a loop written by hand for just these tables."""

import uuid
from collections.abc import Callable
from time import perf_counter

from services.bootstrap import Platform
from services.memory import BATCHES
from services.workers.apply import Applier
from services.workers.project import Projector
from tests.performance import publish, workload
from tests.performance.by_hand import ByHand
from tests.performance.pairs import Figure, in_turns
from tests.performance.stage import Stage

LIMIT = 120.0
MOST = 2_000
"""Records a transaction, for both."""


def project(stage: Stage) -> Figure:
    source = published(stage)
    ours_in, theirs_in = stage.platform(kafka=True), stage.platform(kafka=True)
    prefix, every = source.settings.topic_prefix, heard(source, stage.scale.events)
    reference = _by_hand(theirs_in, prefix, every)
    mine, rounds = ours(ours_in, prefix, every), stage.scale.rounds
    found = in_turns(mine, reference, rounds, "events/s", BATCHES)
    assert _contents(ours_in) == _contents(theirs_in), "the two did not write the same rows"
    return found


def published(stage: Stage) -> Platform:
    platform = stage.platform(kafka=True)
    workload.fill(platform, stage.scale.events)
    publish.to_kafka(platform, platform.broker("bench"), stage.scale.events)
    return platform


def heard(platform: Platform, events: int) -> int:
    """How many of the events some view hears: all of them, in this trade."""
    kinds = frozenset[str]().union(*(view.kinds for view in platform.figures))
    with platform.database.read() as connection:
        return sum(event.kind in kinds for event in platform.store.read(connection, 0, events))


def ours(platform: Platform, prefix: str, heard: int) -> Callable[[], float]:
    kinds = sorted({kind for view in platform.figures for kind in view.kinds})
    names = [f"{prefix}.{kind}" for kind in kinds]

    def once() -> float:
        _empty(platform)
        subscriber = platform.broker("bench").subscriber(f"bench-{uuid.uuid4().hex}", names)
        projector = Projector(Applier(platform.store, platform.figures, platform.codec), subscriber)
        deadline = perf_counter() + LIMIT
        while not subscriber.assigned() or subscriber.fresh():
            projector.step()
        start, done = perf_counter(), 0
        while done < heard:
            done += projector.step(most=MOST)
            assert perf_counter() < deadline, f"only {done} of {heard} events came"
        rate = heard / (perf_counter() - start)
        subscriber.close()
        return rate

    return once


def _by_hand(platform: Platform, prefix: str, heard: int) -> Callable[[], float]:
    def reference() -> float:
        _empty(platform)
        loop = ByHand(platform.settings, prefix, f"bench-{uuid.uuid4().hex}")
        loop.settle()
        start, done = perf_counter(), 0
        while done < heard:
            done += loop.step(MOST)
            assert perf_counter() < start + LIMIT, f"only {done} of {heard} events came"
        rate = heard / (perf_counter() - start)
        loop.close()
        return rate

    return reference


def _tables(platform: Platform) -> list[str]:
    return [t.name for view in platform.figures for t in view.tables(1)[:2]]


def _empty(platform: Platform) -> None:
    with platform.database.write() as connection:
        tables = ", ".join([*_tables(platform), "view_positions", "view_parked"])
        connection.exec_driver_sql(f"TRUNCATE {tables}")


def _contents(platform: Platform) -> list[tuple[str, int, int]]:
    """Every table's number of rows, and a sum over all that stands in them."""
    with platform.database.read() as connection:
        return [
            (name, *connection.exec_driver_sql(CONTENT.format(name)).one())
            for name in _tables(platform)
        ]


CONTENT = "SELECT count(*), sum(hashtext(t::text)) FROM {} t"
