"""Commands described: their fields, and the JSON Schema of their bodies with labels."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from aggregates import Aggregate
from aggregates.plain import Plain
from commands import Command
from services import labels
from services.api.commands import MOVED_BY_MANY
from services.catalogue import meanings
from services.catalogue.fields import choose, described
from services.catalogue.shapes import CommandPart, FieldPart


def command(slug: str, model: type[Command], context: str, language: str) -> CommandPart:
    return CommandPart(
        name=slug,
        label=labels.of("command", slug, language),
        about=labels.about(model.__doc__, language),
        context=context,
        kind=model.aggregate.kind,
        address=f"/commands/{slug}",
        begins=model.begins,
        version=not model.begins and model.aggregate.kind not in MOVED_BY_MANY,
        fields=_fields(slug, model, language),
        schema=schema(slug, model, language),
    )


def _fields(slug: str, model: type[Command], language: str) -> list[FieldPart]:
    found = described(slug, model, language)
    marked = {"id": model.aggregate.kind, **_marked(model.aggregate)}
    return [
        one.model_copy(update={"names": [marked[one.name]]}) if one.name in marked else one
        for one in found
    ]


def _marked(kind: type[Aggregate]) -> dict[str, str]:
    """What the fields of a plain kind name."""
    if not issubclass(kind, Plain):
        return {}
    return {name: one.mark.names for name, one in kind.fields().items() if one.mark.names}


def schema(slug: str, model: type[BaseModel], language: str) -> dict[str, Any]:
    """The JSON Schema of a body; its titles are labels, its descriptions in the language."""
    title = labels.of("command", slug, language)
    return titled(model.model_json_schema(), slug, title, language)


def titled(made: dict[str, Any], owner: str, title: str, language: str) -> dict[str, Any]:
    """A schema with the labels of the fields that an owner has."""
    made["title"] = title
    for path, node in labelled(made, owner, made.get("$defs", {})):
        node["title"] = labels.of("field", path, language)
        if meanings.of_text(path) == "text":  # there are many currencies
            values = [str(one) for inner in _within(node) for one in inner.get("enum", ())]
            if some := choose(path, values, language):
                node["x-labels"] = {one.value: one.label for one in some}
    for node in _nodes(made):
        if isinstance(said := node.get("description"), str):
            node["description"] = labels.about(said, language)
    return made


def _nodes(node: Any) -> Iterator[dict[str, Any]]:
    """Every object of a schema."""
    if isinstance(node, dict):
        yield node
    for inner in node.values() if isinstance(node, dict) else node:
        if isinstance(inner, dict | list):
            yield from _nodes(inner)


def labelled(
    node: dict[str, Any], path: str, definitions: dict[str, Any]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each field of a schema, with where it stands."""
    for name, field in node.get("properties", {}).items():
        yield f"{path}.{name}", field
        for inner in _within(field):
            reference = inner.get("$ref")
            target = definitions[reference.rpartition("/")[2]] if reference else inner
            yield from labelled(target, f"{path}.{name}", definitions)


def _within(field: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What a field is or is made of: itself, one of several, or the items of its list."""
    yield field
    for one in field.get("anyOf", ()):
        yield from _within(one)
    if isinstance(items := field.get("items"), dict):
        yield from _within(items)


def of_kind(kind: type[Aggregate]) -> dict[str, type[Command]]:
    return {s: model for s, model in sorted(Command.known.items()) if model.aggregate is kind}
