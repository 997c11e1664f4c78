"""What the fields of a command are, as the catalogue says, so that cells can be read for them."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from commands import Command
from services import bootstrap, labels
from services.catalogue.fields import described
from services.catalogue.shapes import FieldPart
from services.imports import cells
from services.imports.cells import Convert

IN_WORDS: dict[str, Convert] = {
    "truth": cells.truth,
    "integer": cells.whole,
    "instant": cells.begun,
    "day": cells.moment,
}
Parts = Sequence[FieldPart]
"""One field in each language."""


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
    spoken = [described(model.slug(), model, language) for language in labels.LANGUAGES]
    return tuple(_fields(model, list(zip(*spoken, strict=True)), ()))


def _fields(
    model: type[Command], every: Sequence[Parts], under: Sequence[Parts]
) -> Iterator[Field]:
    for parts in every:
        one, way = parts[0], [*under, parts]
        path = tuple(each[0].name for each in way)
        called = tuple(_called(model, path, way))
        money = one.unit == "minor" and not one.many
        convert = _convert(parts)
        if one.many and one.fields:
            convert = cells.lines(_shown_besides(model, one))
        yield Field(path, not one.optional, money, convert, called)
        if one.many and one.fields:
            yield from _fields(model, list(zip(*(each.fields for each in parts), strict=True)), way)


def _convert(parts: Parts) -> Convert:
    one = parts[0]
    if one.many:
        return cells.listed if one.type == "text" else cells.json
    if one.choices:
        return cells.choice(_choices(parts))
    if one.unit == "minor":
        return cells.minor_units
    return IN_WORDS.get(one.type, cells.name)


def _choices(parts: Parts) -> dict[str, str]:
    """The values by what they may be called."""
    known: dict[str, str] = {}
    for choice in (choice for part in parts for choice in part.choices):
        known.setdefault(cells.folded(choice.label), choice.value)
    return known | {cells.folded(choice.value): choice.value for choice in parts[0].choices}


def _called(model: type[Command], path: tuple[str, ...], way: Sequence[Parts]) -> Iterator[str]:
    """What its column may be called, folded: its name, its labels, and those of an export."""
    yield cells.folded(".".join(path))
    for number, language in enumerate(labels.LANGUAGES):
        yield cells.folded(".".join(parts[number].label for parts in way))
        if len(path) == 1 and (record := _record(model)):
            yield cells.folded(labels.of("field", f"{record}.{path[0]}", language))


def _shown_besides(model: type[Command], part: FieldPart) -> frozenset[str]:
    """What a list of the things shows of the same lines, and the command does not take."""
    record = next((one for one in bootstrap.RECORDS if one.kind is model.aggregate), None)
    if record is None or part.name not in record.fields:
        return frozenset()
    [same] = [p for p in described(record.name, record.shape, "en") if p.name == part.name]
    return frozenset(one.name for one in same.fields) - {one.name for one in part.fields}


@cache
def _record(model: type[Command]) -> str | None:
    """The list that the things of a command are looked up in."""
    return next((one.name for one in bootstrap.RECORDS if one.kind is model.aggregate), None)


@cache
def currency_called() -> frozenset[str]:
    """What a column of currencies may be called, folded."""
    names = (labels.of("field", "currency", language) for language in labels.LANGUAGES)
    return frozenset(cells.folded(name) for name in ("currency", *names))
