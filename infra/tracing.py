"""One trace follows a command from the request into the views, and nothing waits for it.

Whether a trace is kept follows from its id, so that all processes keep the same ones.
"""

import logging
import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextvars import ContextVar
from typing import Any, NamedTuple

from opentelemetry.context import Context
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.id_generator import IdGenerator, RandomIdGenerator
from opentelemetry.sdk.trace.sampling import ALWAYS_ON, TraceIdRatioBased
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    set_span_in_context,
)

from infra.events import Recorded
from infra.requests import Answer, Outcome, Request
from infra.traces import cause, named, place, publication, trace_of

HELD = 65_536
"""So many spans wait for the collector at most; more are lost, and nobody waits for them."""
EVERY_MS = 1_000.0
LIMIT = 2.0

asking: ContextVar[SpanContext | None] = ContextVar("asking", default=None)
"""The span of the request that is being answered."""

log = logging.getLogger(__name__)


class Spanned(NamedTuple):
    """What a span will say."""

    name: str
    at: SpanContext
    parent: SpanContext | None
    kind: SpanKind
    began: int
    ended: int
    attributes: dict[str, Any]
    links: Sequence[Link] = ()
    error: str | None = None


class _Told(IdGenerator):
    """Gives the ids that this thread was told just before."""

    def __init__(self) -> None:
        self._local = threading.local()

    def tell(self, at: SpanContext) -> None:
        self._local.at = at

    def generate_trace_id(self) -> int:
        return int(self._local.at.trace_id)

    def generate_span_id(self) -> int:
        return int(self._local.at.span_id)


class Tracing:
    """Writes down what has happened, when it has; what is traced goes on, whatever becomes of it.

    Of all traces, `share` (0 to 1) is kept.
    """

    def __init__(self, processor: SpanProcessor, share: float = 1.0, name: str = "") -> None:
        self._ids = _Told()
        resource = Resource.create({SERVICE_NAME: name or "distributary"})
        self._provider = TracerProvider(
            ALWAYS_ON, resource, shutdown_on_exit=False, id_generator=self._ids
        )
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("distributary")
        self._random = RandomIdGenerator()
        self._bound = TraceIdRatioBased.get_bound_for_rate(share)

    def request(self, wanted: str | None, parent: SpanContext | None) -> SpanContext:
        """The span of a request: in its caller's trace, or in that of what it correlates to."""
        if parent is not None:
            trace = parent.trace_id
        else:
            trace = trace_of(wanted) if wanted else self._random.generate_trace_id()
        return place(trace, self._random.generate_span_id())

    def keep(self, span: Spanned) -> None:
        self._keep(iter([span]))

    def asker(self) -> SpanContext | None:
        return asking.get()

    def committed(
        self,
        asked: Sequence[tuple[Request, SpanContext | None]],
        answers: Sequence[Answer],
        began: int,
        ended: int,
    ) -> None:
        """A span for each command of a batch, beneath who asked for it."""
        self._keep(self._commits(asked, answers, began, ended))

    def _commits(
        self,
        asked: Sequence[tuple[Request, SpanContext | None]],
        answers: Sequence[Answer],
        began: int,
        ended: int,
    ) -> Iterator[Spanned]:
        first: SpanContext | None = None
        for (request, asker), answer in zip(asked, answers, strict=True):
            trace = trace_of(request.correlation_id)
            if not self._kept(trace):
                continue
            once = isinstance(answer, Outcome) and not answer.repeated
            own = named("command", request.key) if once else self._random.generate_span_id()
            at, inside = place(trace, own), asker is not None and asker.trace_id == trace
            others = [first, None if inside else asker]
            links = [Link(one, {"batch": one is first}) for one in others if one is not None]
            parent, said = asker if inside else None, _of(request, answer, len(asked))
            error = str(answer) if isinstance(answer, Exception) else None
            name = f"commit {type(request.command).__name__}"
            yield Spanned(name, at, parent, SpanKind.INTERNAL, began, ended, said, links, error)
            first = first or at

    def cause(self, event: Recorded) -> SpanContext:
        """The span of the command that an event came of; so who reacts to it can be its child."""
        return cause(event)

    def traceparent(self, event: Recorded) -> str | None:
        """What a record tells its readers of its trace; nothing where it is not kept."""
        at = publication(event)
        if not self._kept(at.trace_id):
            return None
        return f"00-{at.trace_id:032x}-{at.span_id:016x}-01"

    def published(self, events: Iterable[Recorded], began: int, ended: int) -> None:
        """A span for each event, from being sent to being acknowledged."""
        kind = SpanKind.PRODUCER
        self._keep(
            Spanned(f"publish {e.type}", publication(e), cause(e), kind, began, ended, _told(e))
            for e in events
            if self._kept(trace_of(e.correlation_id))
        )

    def applied(
        self, events: Iterable[tuple[Recorded, bool, Sequence[str]]], began: int, ended: int
    ) -> None:
        """A span for each event, whether it came by Kafka, and the views that it went into."""
        kind = SpanKind.CONSUMER
        self._keep(
            Spanned(
                f"apply {event.type}",
                place(trace_of(event.correlation_id), self._random.generate_span_id()),
                publication(event) if by_kafka else cause(event),
                kind,
                began,
                ended,
                {**_told(event), "distributary.views": tuple(views)},
            )
            for event, by_kafka, views in events
            if self._kept(trace_of(event.correlation_id))
        )

    def _kept(self, trace: int) -> bool:
        return trace & 0xFFFF_FFFF_FFFF_FFFF < self._bound

    def _keep(self, spans: Iterator[Spanned]) -> None:
        try:
            for span in spans:
                if self._kept(span.at.trace_id):
                    self._write(span)
        except Exception:  # whatever it is, no command and no event may be lost for a trace
            log.exception("spans were lost")

    def _write(self, span: Spanned) -> None:
        name, at, parent, kind, began, ended, attributes, links, error = span
        self._ids.tell(at)
        above = Context()
        if parent is not None:
            above = set_span_in_context(NonRecordingSpan(parent), above)
        written = self._tracer.start_span(name, above, kind, attributes, links, began)
        if error is not None:
            written.set_status(Status(StatusCode.ERROR, error))
        written.end(ended)

    def close(self) -> None:
        """Send what is there; a collector that does not answer is not waited for."""
        closing = threading.Thread(target=self._provider.shutdown, daemon=True)
        closing.start()
        closing.join(LIMIT)


def to_collector(name: str, share: float) -> Tracing:
    """To the collector that OpenTelemetry's own variables of the environment name."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    sender = BatchSpanProcessor(OTLPSpanExporter(), HELD, EVERY_MS)
    return Tracing(sender, share, os.environ.get("OTEL_SERVICE_NAME") or name)


def _of(request: Request, answer: Answer, batch: int) -> dict[str, Any]:
    said = {
        "distributary.stream": request.command.stream,
        "distributary.actor": request.actor,
        "distributary.correlation_id": request.correlation_id,
        "distributary.batch_size": batch,
    }
    if isinstance(answer, Outcome):
        said["distributary.position"] = answer.position
        said["distributary.repeated"] = answer.repeated
        if answer.refusal:
            said["distributary.refusal"] = answer.refusal
    return said


def _told(event: Recorded) -> dict[str, Any]:
    return {
        "distributary.stream": event.stream,
        "distributary.position": event.position,
        "distributary.correlation_id": event.correlation_id,
    }
