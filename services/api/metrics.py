"""What Prometheus fetches: how far everything is, and how fast this process takes commands."""

from collections import Counter as Tally
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Response
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import Connection, func, select
from starlette.concurrency import run_in_threadpool

from infra.access_log import AccessLog
from infra.group import GroupCommit
from infra.requests import Answer
from projections.engine import generations, progress
from services.access.actions import operate
from services.api import schemas
from services.api.freshness import snapshot
from services.api.guards import needs
from services.api.live import Live
from services.api.status import notice_status, system_status
from services.bootstrap import Platform

SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256)
SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
OUTCOMES = ("accepted", "refused", "repeated", "failed")
OF_PROCESSES = {
    "position": ("process_position", "Up to this position the process has reacted."),
    "lag_events": ("process_lag_events", "Events that the process has yet to hear."),
    "refused": ("process_refused", "Commands of the process that a rule refused."),
    "parked_events": ("process_parked_events", "Events that wait until the process can react."),
}
OF_DEADLINES = {
    "pending": ("process_deadlines", "Deadlines of the process that wait."),
    "due": ("process_deadlines_due", "Deadlines that should have been asked by now."),
    "failed": ("process_deadlines_failed", "Deadlines that could not be asked."),
    "fired": ("process_deadlines_fired", "Deadlines that were asked."),
    "skipped": ("process_deadlines_skipped", "Deadlines that were too late to be asked."),
}
OF_NOTICES = {
    "lag_events": ("notices_lag_events", "Events that people have yet to be told of."),
    "waiting": ("notices_waiting", "Notices that are still to be sent."),
    "parked": ("notices_parked", "Notices that nobody took."),
}
OF_VIEWS = {
    "position": ("view_position", "Up to this position the view has everything."),
    "lag_events": ("view_lag_events", "Events that the view has yet to take."),
    "lag_seconds": ("view_lag_seconds", "How long the first of them has waited."),
}


class Commits:
    """Observes each batch once, so that a command by itself costs next to nothing."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.sizes = Histogram(
            "distributary_commit_size", "Commands of a commit.", buckets=SIZES, registry=registry
        )
        self.seconds = Histogram(
            "distributary_commit_seconds",
            "How long a commit took, from the decision to the disk.",
            buckets=SECONDS,
            registry=registry,
        )
        commands = Counter(
            "distributary_commands", "Commands by outcome.", ["outcome"], registry=registry
        )
        self.commands = {outcome: commands.labels(outcome) for outcome in OUTCOMES}

    def heard(self, answers: Sequence[Answer], seconds: float) -> None:
        self.sizes.observe(len(answers))
        self.seconds.observe(seconds)
        for outcome, count in Tally(map(_outcome, answers)).items():
            self.commands[outcome].inc(count)


def _outcome(answer: Answer) -> str:
    if isinstance(answer, Exception):
        return "failed"
    if answer.repeated:
        return "repeated"
    return "accepted" if answer.refusal is None else "refused"


class Standing(Collector):
    """Reads one snapshot of the database whenever it is asked."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    def collect(self) -> Iterator[Metric]:
        found = system_status(self.platform)
        yield _gauge("log_position", "The last position of the log.", found["head"])
        if self.platform.settings.kafka is not None or found["published"] is not None:
            about = "Kafka has acknowledged all up to this position."
            yield _gauge("published_position", about, found["published"] or 0)
        for key, (name, about) in OF_VIEWS.items():
            yield _by_view(name, about, {view: how[key] for view, how in found["views"].items()})
        about = "Events that the answering generation of the view could not read, or that wait."
        yield _by_view("parked_events", about, _parked(found))
        about = "Logs of which a rollup of the view cannot be written."
        names = Tally(row["view"] for row in found["rollup_failures"])
        yield _by_view("rollup_failures", about, {view: names[view] for view in found["views"]})
        for key, (name, about) in OF_PROCESSES.items():
            values = {each: how[key] for each, how in found["processes"].items()}
            yield _labelled(name, about, "process", values)
        timed = {name: how["deadlines"] for name, how in found["processes"].items()}
        yield from _deadlines({name: how for name, how in timed.items() if how is not None})
        noticed = notice_status(self.platform)
        for key, (name, about) in OF_NOTICES.items():
            yield _gauge(name, about, noticed[key])
        failing = len(noticed["failing"])
        yield _gauge("notice_destinations_failing", "Where notices are not taken.", failing)
        yield from self._rebuilds()

    def _rebuilds(self) -> Iterator[Metric]:
        with snapshot(self.platform.database) as connection:
            under_way = rebuilding(self.platform, connection)
        about = "Whether a new generation of the view is being filled."
        names = [view.name for view in self.platform.views]
        yield _by_view("rebuild_running", about, {name: name in under_way for name in names})
        about = "How much of its source is in the new generation, from 0 to 1."
        yield _by_view("rebuild_done", about, {name: under_way.get(name, 0.0) for name in names})


def rebuilding(platform: Platform, connection: Connection) -> dict[str, float]:
    """The views that are being made anew, and how much of its source each has, from 0 to 1."""
    column = generations.parts.c
    sums = func.sum(column.reached - column.first), func.sum(column.last - column.first)
    query = select(column.view, *sums).group_by(column.view)
    shares = {
        view: float(done) / max(int(all_), 1) for view, done, all_ in connection.execute(query)
    }
    head = platform.store.head(connection).position
    built = connection.execute(select(generations.builds.c.view, generations.builds.c.generation))
    return {
        view: shares.get(view, _followed(connection, view, number, head)) for view, number in built
    }


def _deadlines(of: Mapping[str, dict[str, Any]]) -> Iterator[Metric]:
    for key, (name, about) in OF_DEADLINES.items():
        yield _labelled(name, about, "process", {one: how[key] for one, how in of.items()})
    about = "Whether the deadlines of the process are held, so that none is asked."
    held = {one: how["held"] is not None for one, how in of.items()}
    yield _labelled("process_deadlines_held", about, "process", held)


def _followed(connection: Connection, view: str, number: int, head: int) -> float:
    """A generation that is filled straight from the log, in order, has no parts."""
    stood = progress.stands(connection, view, number).values()
    return max((stand.position for stand in stood), default=0) / max(head, 1)


def _parked(found: dict[str, Any]) -> dict[str, int]:
    """Older generations answer nobody: what they had to park is no concern any more."""
    return {
        view: sum(
            row["events"]
            for row in found["parked"]
            if (row["view"], row["generation"]) == (view, how["generation"])
        )
        for view, how in found["views"].items()
    }


def _gauge(name: str, about: str, value: float) -> Metric:
    return GaugeMetricFamily(f"distributary_{name}", about, value)


def _by_view(name: str, about: str, values: Mapping[str, float]) -> Metric:
    return _labelled(name, about, "view", values)


def _labelled(name: str, about: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(f"distributary_{name}", about, labels=[label])
    for each, value in values.items():
        family.add_metric([each], value)
    return family


class Waiting(Collector):
    """The queue before the commit, and the streams that are open."""

    def __init__(self, group: GroupCommit, live: Live, log: AccessLog) -> None:
        self.group, self.live, self.log = group, live, log

    def collect(self) -> Iterable[Metric]:
        yield _gauge("queue_depth", "Commands that wait for a commit.", self.group.depth)
        yield _gauge("queue_limit", "Commands that may wait.", self.group.waiting)
        yield _gauge("open_streams", "Event streams that are open.", self.live.open)
        about = "Commands that found the queue full and were told to come back (503)."
        turned_away = self.group.turned_away
        yield CounterMetricFamily("distributary_turned_away", about, turned_away)
        about = "Notes of the log of access that wait to be written."
        yield _gauge("access_notes_waiting", about, self.log.depth)
        about = "Notes of the log of access that could not be kept."
        yield CounterMetricFamily("distributary_access_notes_lost", about, self.log.lost)


def add(
    app: FastAPI, registry: CollectorRegistry, platform: Platform, group: GroupCommit, live: Live
) -> None:
    """Each application has a registry of its own."""
    registry.register(Standing(platform))
    registry.register(Waiting(group, live, platform.access_log))
    ProcessCollector(registry=registry)

    async def metrics() -> Response:
        """Figures for Prometheus, as text."""
        told = await run_in_threadpool(generate_latest, registry)
        return Response(told, headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})

    text = {"content": {"text/plain": {}}, "description": "Prometheus text."}
    app.add_api_route(
        "/metrics",
        metrics,
        tags=["platform"],
        dependencies=[needs(operate("metrics"))],
        response_class=Response,
        responses={200: text, **schemas.problems(401, 503)},
    )
