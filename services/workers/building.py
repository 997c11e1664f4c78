"""Generations made in bulk, by as many processes as there are cores; at the end like any other."""

import logging
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import forkserver, get_context
from typing import NamedTuple

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from aggregates import calendar
from infra.broker import Broker, Partition
from infra.codec import Codec
from infra.database import unwritable
from infra.store import Store
from projections.engine import Projection, View, building, generations, progress
from projections.engine.building import Build, BuildPart, Step
from projections.engine.parking import portions
from projections.engine.progress import LOG, CheckpointKey
from services.workers import filling
from services.workers.errors import BEHIND, describe
from services.workers.filling import Filled, ViewBuild, Work
from services.workers.leader import is_leader

told = logging.getLogger(__name__)
LONG = 20_000
"""What is shorter is sooner applied in one process than others are started."""
STRETCH = 16_384
"""Positions of the log that are filled in by one transaction."""
STALL = 900.0
"""Seconds without any part filled in after which it is given up."""
JOB = 7_237_130
STREAMS = "services.workers.streams"
"""What makes records knows all of them."""

Report = Callable[[int, int], None]
Jobs = Mapping[BuildPart, list[str]]


class AlreadyRunning(Exception):
    """Another process is making the same view anew."""


class IncompleteSource(Exception):
    """The source has not all that the live generation heard."""


class Kafka(NamedTuple):
    """The topics to read in place of the log."""

    broker: Broker
    prefix: str


def load(store: Store, codec: Codec, views: Sequence[Projection]) -> None:
    """Where there is much to fill, have a process load what the others need, beside this one."""
    if store.database.sqlite:
        return
    with store.database.read() as connection:
        if store.head(connection).position < LONG:
            return
    known = {kind.__module__ for kind in codec.known.values()}
    rules = {view.rows.__module__ if isinstance(view, View) else STREAMS for view in views}
    get_context("forkserver").set_forkserver_preload(
        ["__main__", filling.__name__, *sorted(known | rules)]
    )
    forkserver.ensure_running()


@dataclass(frozen=True)
class Builder:
    """Makes what is ordered of several views, reading the source once.

    What is short, has been made before, or lies in SQLite is left to whoever asked: it goes on
    from where the generation stands.
    """

    store: Store
    codec: Codec
    orders: Sequence[ViewBuild]
    kafka: Kafka | None = None
    cores: int = 0

    def run(self, goal: int, report: Report) -> None:
        if self.store.database.sqlite:
            return
        with alone(self.store, [order.view.name for order in self.orders]) as connection:
            builds = self._plan(goal)
            if not builds:
                return
            try:
                self._fill(builds, report)
                self._finish(builds)
                flush(connection)
                self._seal(builds)
            except Exception as error:
                if not unwritable(error):
                    raise
                self._give_up(builds, error)

    def _give_up(self, builds: Sequence[Build], error: Exception) -> None:
        """Something in the log cannot be written, and what that is, only batches of events find
        out: whoever asked applies them one batch after another, and parks it.
        """
        told.warning("not made in bulk but batch by batch: %s", describe(error))
        with self.store.database.write() as connection:
            for view, number, _, _ in builds:
                generations.forget(connection, view, number)
                generations.make(connection, view, number)

    def _plan(self, goal: int) -> list[Build]:
        with self.store.database.write() as connection:
            builds = []
            wanted = self._parts(goal) if self.kafka or goal >= LONG else {}
            for view, number, _ in self.orders:
                if building.begun(connection, view.name, number):
                    continue
                parts = building.planned(connection, view.name, number)
                if not parts or self._is_other(parts):
                    if not wanted:
                        continue
                    parts = [part for kind in view.kinds for part in wanted.get(kind, ())]
                    parts += wanted[""]
                    made = Build(view, number, self.store.log, goal)
                    building.plan(connection, made, parts)
                reached = max(part.last for part in parts if part.source == LOG)
                builds.append(Build(view, number, self.store.log, reached))
        return builds

    def _is_other(self, parts: Sequence[BuildPart]) -> bool:
        """Whether a build that was killed read from elsewhere."""
        return any(part.source != LOG for part in parts) != (self.kafka is not None)

    def _parts(self, goal: int) -> dict[str, list[BuildPart]]:
        """What there is to fill, by the kind of event; the log has all kinds."""
        if self.kafka is None:
            firsts = range(0, goal, STRETCH)
            return {"": [BuildPart(LOG, n, min(n + STRETCH, goal), n) for n in firsts]}
        kinds = sorted({kind for order in self.orders for kind in order.view.kinds})
        topics = self.kafka.broker.described([f"{self.kafka.prefix}.{kind}" for kind in kinds])
        places = [Partition(name, n) for name, count in topics.items() for n in range(count)]
        tail = self.kafka.broker.tail()
        try:
            ends = tail.ends(places)
        finally:
            tail.close()
        found = {"": [BuildPart(LOG, goal, goal, goal)]}  # it keeps the goal
        for place, (first, end) in ends.items():
            kind = place.topic.rpartition(".")[2]
            found.setdefault(kind, []).append(BuildPart(place, first, end, first))
        return found

    def _fill(self, builds: Sequence[Build], report: Report) -> None:
        jobs: dict[BuildPart, list[str]] = {}
        with self.store.database.read() as connection:
            for build in builds:
                for part in building.planned(connection, build.view.name, build.generation):
                    if not part.done:
                        jobs.setdefault(part, []).append(build.view.name)
        if not jobs:
            return
        work = self._work(builds)
        processes = min(self._processes(), len(jobs))
        context = get_context("forkserver")
        with ProcessPoolExecutor(processes, context, filling.begin, (work,)) as pool:
            try:
                self._hand_out(pool, jobs, report)
            except BaseException:
                pool.shutdown(wait=True, cancel_futures=True)
                raise

    def _work(self, builds: Sequence[Build]) -> Work:
        url = self.store.database.url.render_as_string(hide_password=False)
        orders = {order.view.name: order for order in self.orders}
        codec, goal = self.codec, max(build.goal for build in builds)
        broker = None if self.kafka is None else self.kafka.broker
        known, zone = (codec.known, codec.upcasters), calendar.zone()
        return Work(url, self.store.log, *known, orders, goal, broker, zone)

    def _hand_out(self, pool: ProcessPoolExecutor, jobs: Jobs, report: Report) -> None:
        all_of_it = sum(part.last - part.first for part in jobs)
        running = {pool.submit(filling.fill, part, views): part for part, views in jobs.items()}
        views_of = {part[:3]: views for part, views in jobs.items()}
        lacking: dict[Partition, int] = {}
        done = sum(part.reached - part.first for part in jobs)
        report(done, all_of_it)
        while running:
            ready, _ = wait(running, STALL, FIRST_COMPLETED)
            if not ready:
                raise TimeoutError(f"nothing was filled in for {STALL:.0f} s: look at the database")
            for one in ready:
                before, (part, waits) = running.pop(one), _result(one)
                lacking[part.source] = max(waits, lacking.get(part.source, 0))
                done += part.reached - before.reached
                report(done, all_of_it)
                if not part.done:
                    running[pool.submit(filling.fill, part, views_of[part[:3]])] = part
                elif part.source != LOG and lacking[part.source] > part.position:
                    raise IncompleteSource(
                        f"{part.source.topic} lacks what comes after position {part.position} in"
                        f" partition {part.source.number}: make the view from the log instead."
                    )

    def _finish(self, builds: Sequence[Build]) -> None:
        """Sums of each view beside the others', and indexes beside them all."""
        for build in builds:
            self._step(lambda connection, build=build: self._set_back(connection, build))  # type: ignore[misc]
        widest = sorted(builds, key=lambda build: -len(build.view.measures))
        chains = [list(building.sums(build)) for build in widest]
        ledgers = [build.view.tables(build.generation).ledger for build in widest]
        chains += [[step] for ledger in ledgers for step in building.indexes(ledger)]
        with ThreadPoolExecutor(self._processes()) as pool:
            for chain in [pool.submit(self._chain, chain) for chain in chains]:
                chain.result()

    def _seal(self, builds: Sequence[Build]) -> None:
        for build in builds:
            place = CheckpointKey(build.view.name, build.generation, *LOG, build.log)
            tables = build.view.tables(build.generation)
            with self.store.database.write() as connection:
                building.seal(connection, place, build.goal, tables)

    def _set_back(self, connection: Connection, build: Build) -> None:
        """Parts know nothing of each other: what one took of a stream that another had to park
        before waits behind it, as it would have in order.
        """
        view, number, log, goal = build
        (skipped,) = [order.skipped for order in self.orders if order.view.name == view.name]
        known = building.failed(connection, build)
        rows = [
            (log, event.position, event.stream, event.type, BEHIND)
            for streams in portions(sorted(known))
            for event in self.store.histories(connection, streams)
            if min(known[event.stream]) < event.position <= goal
            if event.position not in known[event.stream] and event.position not in skipped
        ]
        progress.park(connection, view.name, number, rows, self.store.database.now(connection))
        if known:
            building.take_back(connection, build)

    def _chain(self, steps: Sequence[Step]) -> None:
        for step in steps:
            self._step(step)

    def _step(self, step: Step) -> None:
        with self.store.database.write() as connection:
            step(connection)

    def _processes(self) -> int:
        return self.cores or len(os.sched_getaffinity(0))


@contextmanager
def alone(store: Store, views: Iterable[str]) -> Iterator[Connection]:
    """Nobody else makes these anew meanwhile."""
    with store.database.engine.connect() as connection:
        try:
            for view in views:
                if not is_leader(connection, JOB, f"{store.log}:{view}"):
                    raise AlreadyRunning(
                        f"{view} is being made anew by another process: wait for it, or end it."
                    )
            yield connection
        finally:
            with suppress(DBAPIError):  # with the connection the locks are gone as well
                connection.rollback()
                connection.exec_driver_sql("SELECT pg_advisory_unlock_all()")


def flush(connection: Connection) -> None:
    """Parts and steps do not wait for the disk. What was done since this connection was opened is
    there now; where the server went down meanwhile, so did the connection, and this fails.
    """
    connection.exec_driver_sql("SELECT pg_current_xact_id()")
    connection.commit()


def _result(future: Future[Filled]) -> Filled:
    return future.result()
