"""What the fields of a command are, so that cells can be read for them."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

from pydantic import AwareDatetime, BaseModel

from commands import Amount, Command, When
from services import labels
from services.imports import cells
from services.imports.cells import Convert


class Field(NamedTuple):
    """How a cell is read for a field, and what its column may be called.

    `path` is the field's name, or that of a list and of the field of its lines.
    """

    path: tuple[str, ...]
    required: bool
    money: bool
    convert: Convert
    called: tuple[str, ...]

    @property
    def name(self) -> str:
        return ".".join(self.path)


@cache
def of(model: type[Command]) -> tuple[Field, ...]:
    """The fields of a command in their order; after a list, those of its lines."""
    return tuple(_fields(model, (), model.slug()))


def _fields(model: type[BaseModel], under: tuple[str, ...], slug: str) -> Iterator[Field]:
    hints = get_type_hints(model, include_extras=True)
    for name, about in model.model_fields.items():
        parts, path = tuple(_parts(hints[name])), (*under, name)
        money = any(part == Amount for part in parts)
        convert = _convert(".".join((slug, *path)), parts)
        yield Field(path, about.is_required(), money, convert, tuple(_called(slug, path)))
        if inner := _lines(parts):
            yield from _fields(inner, path, slug)


def _parts(hint: Any) -> Iterator[Any]:
    """A type and the types that it is made of."""
    yield hint
    if get_origin(hint) is Literal:
        return
    inner = get_args(hint)
    for part in inner[:1] if get_origin(hint) is Annotated else inner:
        yield from _parts(part)


def _lines(parts: tuple[Any, ...]) -> type[BaseModel] | None:
    """The lines that a list is of."""
    models = (part for part in parts if isinstance(part, type) and issubclass(part, BaseModel))
    return next(models, None)


def _convert(name: str, parts: tuple[Any, ...]) -> Convert:
    if any(get_origin(part) is tuple for part in parts):
        return cells.listed if str in parts else cells.json
    literals = [value for part in parts if get_origin(part) is Literal for value in get_args(part)]
    if literals:
        return cells.choice(_choices(name, literals))
    if any(part == When for part in parts):
        return cells.begun
    for kind, convert in _BY_KIND.items():
        if kind in parts:
            return convert
    return cells.name


def _choices(name: str, values: list[str]) -> dict[str, str]:
    """The values by what they may be called."""
    known: dict[str, str] = {}
    for value in values:
        for language in labels.LANGUAGES:
            label = labels.of("value", f"{name}.{value}", language)
            known.setdefault(cells.folded(label), value)
    return known | {cells.folded(value): value for value in values}


_BY_KIND: dict[Any, Convert] = {
    bool: cells.truth,
    int: cells.whole,
    AwareDatetime: cells.moment,
    date: cells.moment,
}


def _called(slug: str, path: tuple[str, ...]) -> Iterator[str]:
    """What its column may be called, folded: its name, or its label in either language."""
    yield cells.folded(".".join(path))
    for language in labels.LANGUAGES:
        owners = (".".join((slug, *path[: end + 1])) for end in range(len(path)))
        yield cells.folded(".".join(labels.of("field", owner, language) for owner in owners))
