"""Kinds and their events described, with the records that they are looked up in."""

import inspect
from collections.abc import Iterator, Mapping
from typing import Any

from aggregates import Aggregate, DateFlagged, Event
from aggregates.files.attachments import looked_up_as
from projections.engine.record import Record
from services import labels
from services.api.records import Envelope
from services.catalogue import requests
from services.catalogue.fields import described
from services.catalogue.shapes import EventPart, FieldPart, KindPart
from services.lists.trees import trees
from services.type_hints import hints

OWN = "position", "occurred_at", "recorded_at"
"""What each version of a thing has besides its fields; a list is not looked up by it."""
INSTANTS = frozenset(OWN[1:])


def kind(
    aggregate: type[Aggregate], record: Record[Any] | None, context: str, language: str
) -> KindPart:
    name = aggregate.kind
    listed = {} if record is None else _listed(record, language)
    return KindPart(
        name=name,
        label=labels.of("kind", name, language),
        plural=labels.of("kind", _plural(name) if record is None else record.name, language),
        context=context,
        commands=list(requests.of_kind(aggregate)),
        events=[one.__name__ for one in events_of(aggregate)],
        files=record is not None and looked_up_as(name) is not None,
        **listed,
    )


def _plural(name: str) -> str:
    return name if name.endswith("s") else f"{name}s"


def _listed(record: Record[Any], language: str) -> dict[str, Any]:
    fields = listed(record, language)
    return {"record": record.name, "address": f"/{record.name}", "fields": fields}


def listed(record: Record[Any], language: str) -> list[FieldPart]:
    """All that a list of a kind shows."""
    own = {n: hint for n, hint in {"id": str, **hints(Envelope)}.items() if n not in record.fields}
    outside = [
        _own(one, record)
        for name, hint in own.items()
        for one in described(
            Envelope.__name__ if name in OWN else record.name, {name: hint}, language
        )
    ]
    fields = described(record.name, record.shape, language)
    return [*outside, *(_marked(one, record) for one in fields if one.name in record.fields)]


def _own(field: FieldPart, record: Record[Any]) -> FieldPart:
    known = field.name not in OWN
    told: dict[str, Any] = {"sorted": known, "filtered": known, "searched": field.name == "id"}
    told["tree"] = field.name in trees(record)
    if field.name in INSTANTS:
        told["type"] = "instant"
    return field.model_copy(update=told)


def _marked(field: FieldPart, record: Record[Any]) -> FieldPart:
    """With what the record declares of it."""
    known = record.fields[field.name]
    told: dict[str, Any] = {
        "searched": known.mark.searched,
        "sorted": not known.nested,
        "filtered": not known.nested,
        "tree": field.name in trees(record),
        "personal": known.mark.personal,
        "names": [known.mark.names] if known.mark.names else field.names,
    }
    if known.mark.instant:
        told["type"] = "instant"
    if known.mark.day:
        told["type"] = "day"
    return field.model_copy(update=told)


def events_of(aggregate: type[Aggregate]) -> Iterator[type[Event]]:
    """The events that an aggregate yields: those that are declared beside it."""
    own = _home(aggregate)
    return (event for event in Event.known.values() if _home(event) == own)


def _home(kind: type) -> str:
    """The aggregate's module, or its folder, that a class is in."""
    return ".".join(kind.__module__.split(".")[:3])


def events(aggregates: Mapping[str, type[Aggregate]], language: str) -> Iterator[EventPart]:
    homes = {_home(one): name for name, one in aggregates.items()}
    for name, event in Event.known.items():
        if event is DateFlagged or _home(event) in homes:
            yield EventPart(
                name=name,
                label=labels.of("event", name, language),
                about=labels.about(_said(event), language),
                kind=homes.get(_home(event)),
                refusal=event.refusal,
                fields=described(name, event, language),
            )


def _said(event: type[Event]) -> str | None:
    """Its docstring, unless that is the one that dataclasses make."""
    text = inspect.cleandoc(event.__doc__ or "")
    return None if text.startswith(f"{event.__name__}(") else " ".join(text.split()) or None
