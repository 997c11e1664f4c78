"""What a worker does is counted, and told to Prometheus where a port is set for it."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import get_args

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from infra.settings import Settings
from services.commandline import Failure
from services.workers.wait import Reason, Wait

SIZES = (1, 5, 10, 50, 100, 250, 500, 1_000, 2_000)
SECONDS = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30)
LIMIT = 5.0


class Waiting(Collector):
    """What the worker waits for, and since when: as of its last turn, or its last try."""

    def __init__(self, worker: str, now: Callable[[], float]) -> None:
        self.worker, self.now = worker, now
        self.since: dict[Wait, float] = {}

    def look(self, waits: Iterable[Wait]) -> None:
        before, now = self.since, self.now()
        self.since = {wait: before.get(wait, now) for wait in waits}

    def collect(self) -> Iterator[Metric]:
        since, now = self.since, self.now()  # another one with the next turn, this one unchanged
        about = "How long the worker has waited for that; 0 where it does not."
        name = "distributary_worker_waiting"
        seconds = GaugeMetricFamily(f"{name}_seconds", about, labels=["worker", "reason"])
        for reason in get_args(Reason):
            long = [now - at for wait, at in since.items() if wait.reason == reason]
            seconds.add_metric([self.worker, reason], max(long, default=0.0))
        yield seconds
        about = "The position that the worker waits at, while it does."
        labels = ["worker", "reason", "at"]
        positions = GaugeMetricFamily(f"{name}_position", about, labels=labels)
        for reason, place, position in since:
            if position is not None:
                positions.add_metric([self.worker, reason, place], position)
        yield positions


class WorkerMetrics:
    """Steps that found nothing to do are not counted: they only make the worker idle longer."""

    def __init__(self, worker: str, now: Callable[[], float] = time.monotonic) -> None:
        self.registry = registry = CollectorRegistry()
        self.now = now
        self._worked_at = now()
        self.events = Counter(
            "distributary_worker_events",
            "Events that the worker has dealt with.",
            ["worker"],
            registry=registry,
        ).labels(worker)
        self.sizes = Histogram(
            "distributary_worker_batch_size",
            "Events of a step.",
            ["worker"],
            buckets=SIZES,
            registry=registry,
        ).labels(worker)
        self.seconds = Histogram(
            "distributary_worker_step_seconds",
            "How long a step took that did something.",
            ["worker"],
            buckets=SECONDS,
            registry=registry,
        ).labels(worker)
        self.errors = Counter(
            "distributary_worker_errors",
            "Times that the worker met an error and began anew.",
            ["worker"],
            registry=registry,
        ).labels(worker)
        idle = Gauge(
            "distributary_worker_idle_seconds",
            "Since the last step that did something, or since the start.",
            ["worker"],
            registry=registry,
        )
        self.waiting = Waiting(worker, now)
        registry.register(self.waiting)
        idle.labels(worker).set_function(lambda: self.now() - self._worked_at)

    def did(self, events: int, seconds: float) -> None:
        if events:
            self.events.inc(events)
            self.sizes.observe(events)
            self.seconds.observe(seconds)
            self._worked_at = self.now()

    def failed(self) -> None:
        self.errors.inc()


@contextmanager
def serve_metrics(settings: Settings, meter: WorkerMetrics) -> Iterator[None]:
    """While the block runs, the figures can be fetched at the port that the settings name."""
    if settings.metrics_port is None:
        yield
        return
    try:
        server, thread = start_http_server(settings.metrics_port, settings.host, meter.registry)
    except OSError as error:
        raise Failure(
            f"Port {settings.metrics_port} cannot be taken ({error.strerror}): set"
            " DISTRIBUTARY_METRICS_PORT to another; each worker of a machine needs its own."
        ) from error
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join(LIMIT)
