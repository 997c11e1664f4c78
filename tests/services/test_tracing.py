"""Traces are kept where a collector is named, hold together, and never stand in anybody's way."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pace import limit
from starlette.testclient import TestClient

from commands.catalog.product import AddProduct
from commands.orders.order import ApproveOrder, DraftOrder, Line, SubmitOrder
from infra.keys import Keys
from infra.settings import Settings
from infra.traces import parent_of, publication, trace_of
from infra.tracing import Tracing
from services import bootstrap, tracing
from services.api.app import build
from services.bootstrap import Platform, request
from services.commandline import Failure
from services.commandline.loops import WorkerLoop, driving
from services.commandline.projecting import following

HIRE = {"id": "li", "name": "Li", "department": "east", "region": "shanghai"}
A, B = "a" * 32, "b" * 16
UUID = "01a203e5-64cb-77d0-b47b-1ba306fdd10b"


class Kept(NamedTuple):
    """A platform on SQLite whose traces are kept, and a client of it."""

    platform: Platform
    client: TestClient

    def hire(self, **headers: str) -> Any:
        return self.client.post("/commands/hire-rep", json=HIRE, headers=headers)


@contextmanager
def keeping(data: Path, exporter: SpanExporter, share: float = 1.0) -> Iterator[Kept]:
    kept = Tracing(SimpleSpanProcessor(exporter), share)
    platform = bootstrap.platform(Settings(data=data), kept)
    platform.prepare()
    key = Keys(platform.database).new("tester")
    with TestClient(build(platform), headers={"Authorization": f"Bearer {key}"}) as client:
        yield Kept(platform, client)
    platform.close()


@pytest.fixture
def spans() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def kept(tmp_path: Path, spans: InMemorySpanExporter) -> Iterator[Kept]:
    with keeping(tmp_path, spans) as made:
        yield made


def of(spans: InMemorySpanExporter, *names: str) -> dict[str, Any]:
    """Whoever asked has the answer a moment before its commit's span is kept."""
    deadline = time.monotonic() + limit(10)
    while True:
        found = {span.name: span for span in spans.get_finished_spans()}
        if found.keys() >= set(names) or time.monotonic() > deadline:
            return found
        time.sleep(0.01)


def test_a_request_without_a_trace_has_that_of_its_correlation(
    kept: Kept, spans: InMemorySpanExporter
) -> None:
    assert kept.hire(**{"Idempotency-Key": UUID}).status_code == 201
    names = "POST /commands/hire-rep", "commit HireRep"
    found = of(spans, *names)
    asked, committed = (found[name] for name in names)
    assert f"{asked.context.trace_id:032x}" == UUID.replace("-", "")
    assert asked.parent is None
    assert committed.parent.span_id == asked.context.span_id
    assert committed.attributes["distributary.position"] == 1


def test_a_named_correlation_keeps_its_trace_and_is_linked_to_the_callers(
    kept: Kept, spans: InMemorySpanExporter
) -> None:
    caller = f"00-{A}-{B}-01"
    kept.hire(**{"Idempotency-Key": "k", "Correlation-Id": "call-7", "traceparent": caller})
    names = "POST /commands/hire-rep", "commit HireRep"
    found = of(spans, *names)
    asked, committed = (found[name] for name in names)
    assert f"{asked.context.trace_id:032x}" == A
    assert committed.context.trace_id == trace_of("call-7")
    assert [link.context.span_id for link in committed.links] == [asked.context.span_id]


def test_what_shares_a_commit_is_linked(kept: Kept, spans: InMemorySpanExporter) -> None:
    platform = kept.platform
    asked = [request(product(item), "tester") for item in ("tea", "cup", "pot")]
    answers = platform.executor.commit(asked)
    assert platform.tracing is not None
    platform.tracing.committed([(one, None) for one in asked], answers, 1, 2)
    first, *others = spans.get_finished_spans()
    assert [one.links[0].context for one in others] == [first.context] * 2
    assert {one.attributes["distributary.batch_size"] for one in (first, *others)} == {3}
    assert len({one.context.trace_id for one in (first, *others)}) == 3


def product(item: str) -> AddProduct:
    of = {"name": item, "category": "x", "unit": "box", "list_price": 100}
    return AddProduct(id=item, currency="CNY", **of)


def test_what_a_process_asks_for_belongs_to_what_it_reacts_to(
    kept: Kept, spans: InMemorySpanExporter
) -> None:
    platform = kept.platform
    for number, (slug, body) in enumerate(ordered()):
        headers = {"Idempotency-Key": f"k{number}", "If-Match": "*"}
        kept.client.post(f"/commands/{slug}", json=body, headers=headers)
    for made in (driving(platform, WorkerLoop("process")), following(platform)):
        with made() as step:
            while step():
                pass
    found = of(spans, "commit ApproveOrder", "commit JoinBacklog", "apply OrderApprovalRefused")
    refused, reaction = found["commit ApproveOrder"], found["commit JoinBacklog"]
    assert reaction.context.trace_id == refused.context.trace_id
    assert reaction.parent.span_id == refused.context.span_id
    applied = found["apply OrderApprovalRefused"]
    assert applied.parent.span_id == refused.context.span_id


def ordered() -> Iterator[tuple[str, dict[str, Any]]]:
    """An order that waits for goods, up to the refusal of its approval."""
    yield "hire-rep", HIRE
    customer = {"id": "C", "name": "C", "customer_kind": "retailer", "owner": "li"}
    yield "register-customer", customer
    commands = (
        product("tea"),
        DraftOrder(id="O", customer="C", warehouse="W", lines=(Line(item="tea", quantity=2),)),
        SubmitOrder(id="O"),
        ApproveOrder(id="O", approver="boss"),
    )
    for one in commands:
        yield one.slug(), one.model_dump(mode="json", exclude_none=True)


def test_a_trace_that_cannot_be_written_stops_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(*_: Any) -> None:
        raise RuntimeError("the collector has gone")

    monkeypatch.setattr(SimpleSpanProcessor, "on_end", faulty)
    with keeping(tmp_path, InMemorySpanExporter()) as made:
        assert made.hire(**{"Idempotency-Key": "k"}).status_code == 201
        again = made.hire(**{"Idempotency-Key": "k"})
    assert again.json()["repeated"]


def test_of_a_share_all_parts_keep_the_same(tmp_path: Path, spans: InMemorySpanExporter) -> None:
    kept, lost = f"{1:032x}", f"{2**64 - 1:032x}"
    with keeping(tmp_path, spans, share=0.5) as made:
        for number in (lost, kept):
            made.hire(**{"Idempotency-Key": number, "Correlation-Id": number})
    assert {f"{one.context.trace_id:032x}" for one in spans.get_finished_spans()} == {kept}
    assert len(spans.get_finished_spans()) == 2


@pytest.mark.parametrize(
    "wrong",
    ["", "00-xyz", f"00-{'0' * 32}-{B}-01", f"00-{A}-{'0' * 16}-01", f"ff-{A}-{B}-01"],
)
def test_a_malformed_traceparent_is_passed_over(wrong: str) -> None:
    assert parent_of(wrong) is None


def test_without_a_collector_nothing_is_traced() -> None:
    assert tracing.of("api", Settings()) is None


def test_a_missing_extra_is_named_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
    monkeypatch.delitem(sys.modules, "infra.tracing")
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.resources", None)
    with pytest.raises(Failure, match=r"pip install 'distributary\[otel\]'"):
        tracing.of("api", Settings())


def test_each_event_has_a_publication_of_its_own(kept: Kept) -> None:
    for item in ("tea", "cup"):
        kept.platform.executor.execute(request(product(item), "tester", correlation="call-7"))
    with kept.platform.database.read() as connection:
        events = kept.platform.store.read(connection, 0, 10)
    places = [publication(event) for event in events]
    assert {place.trace_id for place in places} == {trace_of("call-7")}
    assert len({place.span_id for place in places}) == 2


class Collector(HTTPServer):
    """Takes what is sent to it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Taking)
        self.taken: list[tuple[str, bytes]] = []


class Taking(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((self.path, body))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


def test_a_named_collector_gets_the_spans(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Collector() as collector:
        thread = threading.Thread(target=collector.serve_forever, args=(0.01,))
        thread.start()
        address = f"http://127.0.0.1:{collector.server_port}"
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
        kept = tracing.of("api", Settings())
        assert kept is not None
        kept.committed([(request(product("tea"), "tester"), None)], [ValueError("no")], 1, 2)
        kept.close()
        collector.shutdown()
        thread.join(limit(5))
    ((path, body),) = collector.taken
    assert path == "/v1/traces"
    assert b"commit AddProduct" in body
    assert b"distributary-api" in body
