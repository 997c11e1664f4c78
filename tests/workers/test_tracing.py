"""One trace shows a command from the request through Kafka into the views."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from starlette.testclient import TestClient

from aggregates.inventory.stock import Stock
from infra.keys import Keys
from infra.tracing import Tracing
from services.api.app import build
from services.commandline.loops import WorkerLoop, publishing
from services.commandline.projecting import projecting

if TYPE_CHECKING:
    from workers.company import Company

CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
TRACE, SPAN = CALLER.split("-")[1:3]


@pytest.fixture
def spans() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@contextmanager
def traced(company: "Company", spans: InMemorySpanExporter) -> Iterator[TestClient]:
    """A client of the company, all of whose parts keep traces."""
    from workers.company import running

    tracing = Tracing(SimpleSpanProcessor(spans))
    company.platform = platform = replace(company.platform, tracing=tracing)
    headers = {"Authorization": f"Bearer {Keys(platform.database).new('tester')}"}
    with (
        running(publishing(platform, WorkerLoop("publish"))),
        running(projecting(platform)),
        TestClient(build(platform), headers=headers) as client,
    ):
        yield client


def by_name(spans: InMemorySpanExporter) -> dict[str, Any]:
    return {span.name: span for span in spans.get_finished_spans()}


def test_one_trace_shows_a_command_from_the_request_through_kafka_into_the_views(
    company: "Company", spans: InMemorySpanExporter
) -> None:
    from workers.company import until

    with traced(company, spans) as client:
        body = {"location": "WH", "item": "tea", "quantity": 9, "reference": "r"}
        headers = {"Idempotency-Key": "k", "traceparent": CALLER}
        assert client.post("/commands/receive-stock", json=body, headers=headers).is_success
        until(lambda: {"apply StockReceived", "publish StockReceived"} <= set(by_name(spans)), 60)
    found = by_name(spans)
    assert {f"{span.context.trace_id:032x}" for span in found.values()} == {TRACE}
    way = ["POST /commands/receive-stock", "commit ReceiveStock"]
    way += ["publish StockReceived", "apply StockReceived"]
    parents = [f"{found[name].parent.span_id:016x}" for name in way]
    own = [f"{found[name].context.span_id:016x}" for name in way]
    assert parents == [SPAN, *own[:-1]]
    views = tuple(view.name for view in company.platform.views if Stock.kind in view.kinds)
    assert found[way[3]].attributes["distributary.views"] == views
    (record,) = company.records()
    assert json.loads(record.value)["traceparent"] == f"00-{TRACE}-{own[2]}-01"
    assert all(span.start_time <= span.end_time for span in found.values())


def test_a_record_of_a_trace_that_is_not_kept_is_as_small_as_ever(
    company: "Company",
) -> None:
    company.work(3)
    company.publish()
    assert not any(b"traceparent" in record.value for record in company.records())
