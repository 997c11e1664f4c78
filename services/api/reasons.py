"""One row of a ledger with the event behind it: what changed, who asked, and under which key."""

from collections.abc import Mapping
from typing import Any

from infra.clock import iso
from infra.events import Recorded
from projections.engine import View


def reason(view: View, row: Mapping[str, Any], event: Recorded | None) -> dict[str, Any]:
    """The change, without what stayed; the event's envelope where its log is this one."""
    return {
        "position": row["position"],
        "line": row["line"],
        "stream": row["stream"],
        "type": row["type"],
        "occurred_at": iso(row["occurred_at"]),
        "recorded_at": iso(row["recorded_at"]),
        "dimensions": {name: row[name] for name in view.dimensions},
        "change": {name: row[name] for name in view.measures if row[name]},
        **_asked(event),
    }


def _asked(event: Recorded | None) -> dict[str, str | None]:
    if event is None:
        return dict.fromkeys(("event_id", "actor", "command_id", "correlation_id", "causation_id"))
    return {
        "event_id": event.id,
        "actor": event.actor,
        "command_id": event.command_id,
        "correlation_id": event.correlation_id,
        "causation_id": event.causation_id,
    }
