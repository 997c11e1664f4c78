"""All that needs a label: what the contexts, their records, commands, events and figures name."""

from collections.abc import Collection, Iterator
from itertools import chain
from typing import Any, NamedTuple

from aggregates import Event
from aggregates.conditions import OPERATORS
from commands import Command
from services import bootstrap, labels
from services.api import figure_shapes, schemas, timelines
from services.api.asking import ReadQuery
from services.api.records import Envelope, Step
from services.exports.described import of_reasons, of_shape
from services.labels import Group
from services.type_hints import BY, choices, hints, parts


class LabelKey(NamedTuple):
    """A name that is shown to people, with where it stands: `customers.name`."""

    group: Group
    name: str


def every() -> Iterator[LabelKey]:
    """The keys of all that is registered."""
    yield from (LabelKey("context", context.name) for context in bootstrap.CONTEXTS)
    yield from (LabelKey("kind", kind.kind) for kind in bootstrap.AGGREGATES)
    for record in bootstrap.RECORDS:
        yield LabelKey("kind", record.name)
        yield LabelKey("field", f"{record.name}.id")
        yield from of_fields(record.name, record.shape)
    yield from of_fields(Envelope.__name__, Envelope)
    for name, event in Event.known.items():
        yield LabelKey("event", name)
        yield from of_fields(name, event)
    for slug, command in Command.known.items():
        yield LabelKey("command", slug)
        yield from of_fields(slug, command)
    for model in bootstrap.SETTINGS:
        yield LabelKey("setting", model.id)
        yield from of_fields(model.id, model)
    yield from (LabelKey("notice", notice.name) for notice in bootstrap.NOTICES)
    for figure in bootstrap.FIGURES:
        yield LabelKey("figure", figure.name)
        yield from of_fields(figure.name, figure_shapes.row(figure))
        yield from of_fields(figure.name, figure_shapes.asked(figure), plain=ReadQuery.model_fields)
    reasons = (of_reasons(schemas.Reason, view) for view in bootstrap.VIEWS)
    for column in (*chain.from_iterable(reasons), *of_shape(Step), *timelines.COLUMNS):
        yield LabelKey("field", column.name)
    yield from (LabelKey("value", f"operator.{name}") for name in OPERATORS)


def missing(language: str) -> list[LabelKey]:
    """The keys for which a catalogue has no entry."""
    return [key for key in dict.fromkeys(every()) if not labels.written(*key, language)]


def of_fields(owner: str, shape: Any, plain: Collection[str] = ()) -> Iterator[LabelKey]:
    """The fields of a dataclass, a NamedTuple or a model, those of its parts, and their choices.

    What the `plain` ones take is written as it is: `csv` in every language.
    """
    for name, hint in hints(shape).items():
        path = f"{owner}.{name}"
        yield LabelKey("field", path)
        for part in parts(hint):
            yield from of_fields(path, part)
        if name not in BY and name not in plain:
            yield from (LabelKey("value", f"{path}.{one}") for one in choices(hint))
