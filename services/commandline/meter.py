"""What a worker does is counted, and told to Prometheus where a port is set for it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server

from infra.settings import Settings
from services.commandline import Failure

SIZES = (1, 5, 10, 50, 100, 250, 500, 1_000, 2_000)
SECONDS = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30)
LIMIT = 5.0


class Meter:
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
def told(settings: Settings, meter: Meter) -> Iterator[None]:
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
