"""The OpenAPI document as one reader may know it; who has not signed in knows what is open."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from typing import Any

import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from commands import Command
from commands.authorisation import action_of
from services import bootstrap
from services.access import masks
from services.access.actions import reading, reading_figure
from services.api import figure_shapes
from services.api.guards import Anybody, Needs, granted_to
from services.api.rankings import PATH
from services.api.revalidation import REVALIDATED, is_known
from services.catalogue.by_rights import MOST_REMEMBERED, CatalogueBody, ReaderRights, rights_of

PLACE = "/openapi.json"
REFERENCE = "#/components/"
NOBODY = ReaderRights(frozenset(), frozenset())
Document = dict[str, Any]


class Documents:
    """One for each set of rights, made of the whole one."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self.encoded = lru_cache(maxsize=MOST_REMEMBERED)(self._encoded)

    @cached_property
    def needs(self) -> dict[tuple[str, str], str | None]:
        """What must be granted for each operation."""
        return {
            (method.lower(), route.path): _needed(route)
            for route in self.app.routes
            if isinstance(route, APIRoute)
            for method in route.methods or ()
        }

    async def answer(self, request: Request) -> Response:
        """What whoever asks may ask and see."""
        known = "actor" in request.scope
        rights = rights_of(await granted_to(request)) if known else NOBODY
        body, tag = await run_in_threadpool(self.encoded, rights, known)
        headers = {"ETag": tag, "Cache-Control": REVALIDATED, "Vary": "Authorization, Cookie"}
        if is_known(tag, request.headers.get("if-none-match")):
            return Response(status_code=304, headers=headers)
        return Response(body, headers=headers, media_type="application/json")

    def _encoded(self, rights: ReaderRights | None, known: bool) -> CatalogueBody:
        made = self.app.openapi() if rights is None else self._made(rights, known)
        return CatalogueBody.of(msgspec.json.encode(made))

    def _made(self, rights: ReaderRights, known: bool) -> Document:
        made: Document = msgspec.json.decode(msgspec.json.encode(self.app.openapi()))
        may = {None, *rights.actions, *([""] if known else [])}
        made["paths"] = {
            path: kept
            for path, operations in made["paths"].items()
            if (kept := {m: one for m, one in operations.items() if self.needs[m, path] in may})
        }
        for path, shape, hidden, within in _hiding(rights):
            _hide(made, path, shape, hidden, within)
        _prune(made)
        return made


def _needed(route: APIRoute) -> str | None:
    """What must be granted for it; "" is any account, None is nothing."""
    before, _, slug = route.path.rpartition("/")
    if before == "/commands" and slug in Command.known:
        return action_of(Command.known[slug])
    asked = [one.call for one in route.dependant.dependencies]
    actions = [one.action for one in asked if isinstance(one, Needs)]
    if actions:
        return actions[0]
    return "" if any(isinstance(one, Anybody) for one in asked) else None


def _hiding(rights: ReaderRights) -> Iterator[tuple[str, str, frozenset[str], frozenset[str]]]:
    """Each list and figure of which something is hidden: its address, its row, what, and what of
    the lists in a row.
    """
    for record in bootstrap.RECORDS:
        classes = rights.classes(reading(record.kind.kind))
        hidden, within = masks.hidden_fields(record, classes), masks.hidden_within(record, classes)
        if hidden or within:
            yield f"/{record.name}", f"{record.name.title()}Row", hidden, within
    for figure in bootstrap.FIGURES:
        hidden = masks.names(rights.classes(reading_figure(figure.view)))
        if hidden:
            address = PATH if figure.ranked else figure.address
            yield address, figure_shapes.row(figure).__name__, hidden, hidden


def _hide(
    made: Document, path: str, shape: str, hidden: Collection[str], within: Collection[str]
) -> None:
    """Neither in rows and their lists nor as a parameter, nor as a value of one."""
    row = f"schemas/{shape}"
    if shape in made["components"]["schemas"]:
        for place in _reached(made["components"], [row]):
            group, _, name = place.partition("/")
            _leave_out(made["components"][group][name], hidden if place == row else within)
    for place in (path, f"{path}/why"):
        for operation in made["paths"].get(place, {}).values():
            told = operation.get("parameters", ())
            kept = [one for one in told if one["name"].rpartition(".")[2] not in hidden]
            operation["parameters"] = [_without(one, hidden) for one in kept]


def _leave_out(shape: Document, hidden: Collection[str]) -> None:
    if "properties" in shape:
        shape["properties"] = {n: v for n, v in shape["properties"].items() if n not in hidden}
        shape["required"] = [name for name in shape.get("required", ()) if name not in hidden]


def _without(value: Any, hidden: Collection[str]) -> Any:
    """A schema whose enumerations name nothing hidden."""
    if isinstance(value, dict):
        return {
            name: [one for one in inner if one not in hidden]
            if name == "enum"
            else _without(inner, hidden)
            for name, inner in value.items()
        }
    return [_without(one, hidden) for one in value] if isinstance(value, list) else value


def _prune(made: Document) -> None:
    """Leave out what no operation leads to any more."""
    operations = [one for every in made["paths"].values() for one in every.values()]
    used = {tag for one in operations for tag in one["tags"]}
    made["tags"] = [tag for tag in made["tags"] if tag["name"] in used]
    parts: dict[str, Document] = made["components"]
    reached = _reached(parts, _references(made["paths"]))
    for group in ("schemas", "responses"):
        parts[group] = {n: v for n, v in parts[group].items() if f"{group}/{n}" in reached}


def _reached(parts: Mapping[str, Document], first: Iterable[str]) -> set[str]:
    """The components that these lead to, they included."""
    reached, waiting = set[str](), list(first)
    while waiting:
        one = waiting.pop()
        if one not in reached:
            reached.add(one)
            group, _, name = one.partition("/")
            waiting += _references(parts[group][name])
    return reached


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        told = value.get("$ref")
        if isinstance(told, str):
            yield told.removeprefix(REFERENCE)
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


def install(app: FastAPI) -> None:
    app.add_route(PLACE, Documents(app).answer, include_in_schema=False)
