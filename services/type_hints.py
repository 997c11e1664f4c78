"""The types of fields, of whatever declares them: events, rows, records and models alike."""

import dataclasses
from collections.abc import Iterable, Iterator
from typing import Any, Literal, get_args, get_origin, get_type_hints

from pydantic import BaseModel
from typing_extensions import is_typeddict

BY = ("by", "group")
"""Fields that take names of fields: they are labelled as such."""


def hints(shape: Any) -> dict[str, Any]:
    """The fields of a shape with their types; nothing of what has none."""
    known: Iterable[str] = ()
    if not isinstance(shape, type):
        return {}
    if issubclass(shape, BaseModel):
        known = shape.model_fields
    elif dataclasses.is_dataclass(shape):
        known = [field.name for field in dataclasses.fields(shape)]
    elif issubclass(shape, tuple):
        known = getattr(shape, "_fields", ())
    elif is_typeddict(shape):
        known = shape.__annotations__
    found = get_type_hints(shape, include_extras=True) if known else {}
    return {name: found[name] for name in known}


def parts(hint: Any) -> Iterator[type]:
    """The shapes that a field is made of, such as a line of a tuple of lines."""
    if hints(hint):
        yield hint
    if get_origin(hint) is not Literal:
        for inner in get_args(hint):
            yield from parts(inner)


def choices(hint: Any) -> tuple[str, ...]:
    """The members of the enumeration that a field takes one of, or some of."""
    if get_origin(hint) is Literal:
        return tuple(one for one in get_args(hint) if isinstance(one, str))
    return tuple(one for inner in get_args(hint) for one in choices(inner))
