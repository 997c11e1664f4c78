"""Settings as they were changed last: what each change set, from when on, and why."""

from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple

import msgspec

from aggregates.organisation.settings import CompanySettings
from infra.clock import micros
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import INDEXED, INSTANT, SEARCHED


@dataclass(frozen=True)
class SetValue:
    """`value` is JSON."""

    name: str
    value: str


class Row(NamedTuple):
    context: Annotated[str, INDEXED] = ""
    number: int = 0
    valid_from: Annotated[int, INSTANT] = 0
    changed: tuple[str, ...] = ()
    values: tuple[SetValue, ...] = ()
    reason: Annotated[str, SEARCHED] = ""


def fold(_: Row, recorded: Recorded, event: Any) -> Row:
    values = tuple(SetValue(name, _json(value)) for name, value in event.values.items())
    context = recorded.key.partition(".")[0]
    since = micros(event.valid_from)
    return Row(context, event.number, since, event.changed, values, event.reason)


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


record = Record("settings_changes", CompanySettings, Row, fold, scope={})
