"""Fields described from their types alone: records, commands, events and figures alike."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import AwareDatetime, BaseModel

from aggregates import PERSONAL
from aggregates.marks import mark
from services import labels
from services.catalogue import meanings
from services.catalogue.shapes import Choice, FieldPart, Type, Unit
from services.type_hints import BY, choices, hints

TYPES: Mapping[type, Type] = {
    int: "integer",
    float: "number",
    bool: "truth",
    datetime: "instant",
    date: "day",
    AwareDatetime: "instant",
    dict: "object",
}
LISTS = (tuple, list)
NULL = {"type": "null"}


class Core(NamedTuple):
    """A hint without its wrappers."""

    kind: Any
    optional: bool = False
    many: bool = False
    personal: bool = False
    names: str | None = None
    """The kind that a mark tells."""
    unit: Unit | None = None
    adds_up: bool = False


def core(hint: Any) -> Core:
    """What is within `Annotated`, `| None` and lists; of several types, the first."""
    origin = get_origin(hint)
    if origin is Annotated:
        inner = core(get_args(hint)[0])
        personal, said = inner.personal or PERSONAL in hint.__metadata__, mark(hint)
        return inner._replace(
            personal=personal,
            names=said.names or inner.names,
            unit=said.unit or inner.unit,
            adds_up=said.adds_up or inner.adds_up,
        )
    if origin in (Union, UnionType):
        some = [one for one in get_args(hint) if one is not NoneType]
        inner = core(some[0])
        return inner._replace(optional=inner.optional or len(some) < len(get_args(hint)))
    if origin in LISTS:
        return core(get_args(hint)[0])._replace(many=True, optional=False)
    if origin is Literal:
        return Core(type(get_args(hint)[0]))
    return Core(origin or hint)


def described(
    owner: str,
    shape: Any,
    language: str,
    currency: str | None = None,
) -> list[FieldPart]:
    """The fields of a shape, or of a mapping of names to types.

    `currency` is the field outside that names the currency of what is within.
    """
    found, more = shape if isinstance(shape, Mapping) else hints(shape), _told(shape, language)
    if meanings.CURRENCY in found:
        currency = meanings.CURRENCY
    return [
        field(f"{owner}.{name}", hint, language, currency).model_copy(update=more.get(name, {}))
        for name, hint in found.items()
    ]


def _told(shape: Any, language: str) -> dict[str, dict[str, Any]]:
    """What a model says of its fields: what they are for, and which may be left out or null."""
    if not isinstance(shape, type) or not issubclass(shape, BaseModel):
        return {}
    asked = shape.model_json_schema()["properties"]
    return {
        name: {
            "about": labels.about(one.description, language),
            "optional": not one.is_required(),
            "nullable": NULL in asked[one.alias or name].get("anyOf", ()),
            **_moment(asked[one.alias or name]),
        }
        for name, one in shape.model_fields.items()
    }


def _moment(schema: Mapping[str, Any]) -> dict[str, Type]:
    """The type of a text that is declared to be a day or an instant."""
    found = meanings.FORMATS.get(schema.get("format", ""))
    return {} if found is None else {"type": found}


def field(
    path: str,
    hint: Any,
    language: str,
    currency: str | None = None,
) -> FieldPart:
    found = core(hint)
    counted = found.unit if found.kind is int else None
    return FieldPart(
        name=path.rpartition(".")[2],
        label=labels.of("field", path, language),
        type=_type(path, found.kind),
        many=found.many,
        optional=found.optional,
        nullable=found.optional,
        unit=counted,
        currency=currency if counted == "minor" else None,
        adds_up=found.adds_up,
        choices=choose(path, choices(hint) or meanings.members(path), language),
        names=_names(path, found),
        personal=found.personal,
        fields=described(path, found.kind, language, currency),
    )


def _names(path: str, found: Core) -> tuple[str, ...]:
    if found.names is not None:
        return (found.names,)
    return meanings.kinds_named(path) if found.kind is str else ()


def _type(path: str, kind: Any) -> Type:
    if hints(kind):
        return "object"
    return meanings.of_text(path) if kind is str else TYPES.get(kind, "any")


def choose(path: str, values: Iterable[str], language: str) -> list[Choice]:
    """The members of an enumeration; those of `by` are names of fields."""
    owner, _, name = path.rpartition(".")
    if name in BY:
        return [Choice(value=v, label=labels.followed(owner, v, language)) for v in values]
    return [Choice(value=v, label=labels.of("value", f"{path}.{v}", language)) for v in values]
