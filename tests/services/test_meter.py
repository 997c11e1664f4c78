"""A worker's figures say what it did, and can be fetched where a port is set for them."""

import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pace import limit
from sqlalchemy import create_engine
from waiting import until

from infra.settings import Settings
from services.commandline import Failure
from services.commandline.loops import WorkerLoop
from services.commandline.meter import WorkerMetrics, serve_metrics
from services.local.process import free_port
from services.workers.wait import Wait


class Stopwatch:
    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


def figure(meter: WorkerMetrics, name: str) -> float | None:
    return meter.registry.get_sample_value(f"distributary_worker_{name}", {"worker": "test"})


def test_a_step_that_did_nothing_only_makes_idle() -> None:
    now = Stopwatch()
    meter = WorkerMetrics("test", now)
    now.at += 7
    meter.did(30, 0.5)
    now.at += 3
    meter.did(0, 9.0)
    names = ("events_total", "batch_size_count", "step_seconds_sum", "idle_seconds")
    assert [figure(meter, name) for name in names] == [30, 1, 0.5, 3]


def test_a_worker_that_begins_anew_is_counted() -> None:
    meter = WorkerMetrics("test")
    loop = WorkerLoop("test", meter=meter)
    results = iter([3, 2])

    def step() -> int:
        try:
            return next(results)
        except StopIteration:
            loop.stop()
            raise RuntimeError("the broker has gone") from None

    @contextmanager
    def made() -> Iterator[Callable[[], int]]:
        yield step

    loop.run(made)
    assert figure(meter, "errors_total") == 1
    assert figure(meter, "events_total") == 5
    assert figure(meter, "batch_size_count") == 2


def test_what_a_worker_waits_for_is_told_since_when_and_where() -> None:
    now = Stopwatch()
    meter = WorkerMetrics("test", now)
    hole = Wait("hole", "distributary.stock/3", 41)
    for _ in range(3):
        meter.waiting.look([hole])
        now.at += 5
    assert waited(meter, "seconds", reason="hole") == 15
    assert waited(meter, "seconds", reason="lead") == 0
    assert waited(meter, "position", reason="hole", at="distributary.stock/3") == 41
    meter.waiting.look([hole._replace(position=42)])
    assert waited(meter, "seconds", reason="hole") == 0
    meter.waiting.look([])
    assert waited(meter, "position", reason="hole", at="distributary.stock/3") is None


def waited(meter: WorkerMetrics, name: str, **labels: str) -> float | None:
    labels = {"worker": "test", **labels}
    return meter.registry.get_sample_value(f"distributary_worker_waiting_{name}", labels)


def test_a_worker_that_cannot_begin_or_is_not_needed_waits_for_just_that() -> None:
    seen: list[set[Wait]] = []
    loop = WorkerLoop("test")

    @contextmanager
    def made() -> Iterator[Callable[[], int]]:
        seen.append(set(loop.meter.waiting.since))
        loop.leading(connection, lambda _: leads())
        yield step

    def leads() -> bool:
        seen.append(set(loop.meter.waiting.since))
        return len(seen) > 2

    def step() -> int:
        loop.waits = lambda: [Wait("broker", "", 7)]
        loop.stop()
        return 1

    with create_engine("sqlite://").connect() as connection:
        loop.run(made)
    assert seen == [{Wait("start")}, {Wait("start")}, {Wait("lead")}]
    assert set(loop.meter.waiting.since) == {Wait("broker", "", 7)}


def test_figures_can_be_fetched_where_a_port_is_set() -> None:
    port = free_port()
    meter = WorkerMetrics("test")
    meter.did(4, 0.1)
    with serve_metrics(Settings(metrics_port=port), meter):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=limit(5)) as answer:
            text = answer.read().decode()
        taken = pytest.raises(Failure, match="DISTRIBUTARY_METRICS_PORT")
        with taken, serve_metrics(Settings(metrics_port=port), WorkerMetrics("other")):
            pass
    assert 'distributary_worker_events_total{worker="test"} 4.0' in text
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=limit(5))


def test_without_a_port_nothing_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("a server was started")

    monkeypatch.setattr("services.commandline.meter.start_http_server", never)
    with serve_metrics(Settings(), WorkerMetrics("test")):
        pass


def test_a_worker_tells_its_figures_while_it_runs(tmp_path: Path) -> None:
    port = free_port()
    program = Path(sys.executable).with_name("distributary")
    settings = {"DISTRIBUTARY_DATA": str(tmp_path), "DISTRIBUTARY_METRICS_PORT": str(port)}
    worker = subprocess.Popen([program, "work", "project"], env=settings, stderr=subprocess.DEVNULL)
    try:
        assert 'distributary_worker_errors_total{worker="project"} 0.0' in _fetched(port)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(limit(20)) == 0
    finally:
        worker.kill()
        worker.wait(limit(20))


def _fetched(port: int) -> str:
    found: list[str] = []

    def fetched() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}", timeout=limit(5)) as answer:
                found.append(answer.read().decode())
        except urllib.error.URLError:
            return False
        return True

    until(fetched, pause=0.1)
    return found[0]
