"""An event as the world sees it: its envelope in words, its data as it was stored."""

from typing import Any

from infra.clock import iso
from infra.events import Recorded
from services.access import masks
from services.access.permissions import Granted


def shown(log: str, event: Recorded, granted: Granted) -> dict[str, Any]:
    """`hidden` names the fields of its data that the reader may not see, where there are any."""
    data, hidden = masks.data(granted, event)
    return {
        "log": log,
        "position": event.position,
        "stream": event.stream,
        "version": event.version,
        "id": event.id,
        "type": event.type,
        "schema": event.schema,
        "occurred_at": iso(event.occurred_at),
        "recorded_at": iso(event.recorded_at),
        "actor": event.actor,
        "command_id": event.command_id,
        "correlation_id": event.correlation_id,
        "causation_id": event.causation_id,
        "incarnation": event.incarnation,
        "digest": event.digest.hex(),
        "data": data,
        **({"hidden": hidden} if hidden else {}),
    }
