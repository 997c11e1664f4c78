"""Events read by other means than the codec's."""

from typing import Any

import msgspec

from aggregates import Event
from infra.events import Recorded
from simulation import trade

Decoded = list[tuple[Recorded, Any]]


def decode(event: Recorded) -> Any:
    data = msgspec.json.decode(event.data)
    if (event.type, event.schema) == trade.OLD:
        data = trade.modern(data)
    return msgspec.convert(data, Event.known[event.type], str_keys=True)
