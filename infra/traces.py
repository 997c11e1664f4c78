"""Where a span stands follows from what every event carries, so no trace has to be stored.

The trace follows from the correlation id, the span of a command from the command's key, that of
an event's publication from the event's id. So each process knows the spans of the others.
"""

import hashlib
import re

from opentelemetry.trace import SpanContext, TraceFlags

from infra.events import Recorded

HEX = re.compile(r"[0-9a-f]{32}")
PARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?")


def trace_of(correlation: str) -> int:
    """A trace's id is its correlation's where that is one, as every UUID is; else its hash."""
    plain = correlation.replace("-", "").lower()
    if HEX.fullmatch(plain) and (given := int(plain, 16)):
        return given
    return _hashed(f"trace:{correlation}", 16)


def parent_of(traceparent: str) -> SpanContext | None:
    """The caller's span by W3C's Trace Context; none where it is not well-formed."""
    found = PARENT.fullmatch(traceparent.strip().lower())
    if found is None or traceparent.startswith("ff"):
        return None
    trace, span = int(found[1], 16), int(found[2], 16)
    return place(trace, span, remote=True) if trace and span else None


def place(trace: int, span: int, *, remote: bool = False) -> SpanContext:
    return SpanContext(trace, span, remote, TraceFlags(TraceFlags.SAMPLED))


def cause(event: Recorded) -> SpanContext:
    """The span of the command that an event came of."""
    return place(trace_of(event.correlation_id), named("command", event.command_id))


def publication(event: Recorded) -> SpanContext:
    return place(trace_of(event.correlation_id), named("publication", event.id))


def named(what: str, name: str) -> int:
    return _hashed(f"{what}:{name}", 8)


def _hashed(text: str, size: int) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:size]) or 1
