"""The catalogue as one reader may know it: kinds, fields, commands and figures of his rights."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from aggregates import calendar
from commands import Command
from commands.authorisation import action_of
from services.access import actions, masks
from services.access.permissions import Granted
from services.bootstrap import FIGURES
from services.catalogue import building
from services.catalogue.shapes import (
    Catalogue,
    CommandPart,
    EventPart,
    FieldPart,
    FigurePart,
    KindPart,
)
from services.own_fields import OwnFields, fitted

MOST_REMEMBERED = 64
"""Sets of rights whose catalogues are kept: people of one role share one."""
PERSONAL = "personal"


class CatalogueBody(NamedTuple):
    body: bytes
    tag: str

    @classmethod
    def of(cls, body: bytes) -> "CatalogueBody":
        return cls(body, f'"{hashlib.sha256(body).hexdigest()[:32]}"')


class ReaderRights(NamedTuple):
    """What a reader may do and see, for however little."""

    actions: frozenset[str]
    hidden: frozenset[tuple[str, str]]
    """The classes of fields that he may not see, each with the reading in which he may not."""

    def classes(self, action: str) -> frozenset[str]:
        return frozenset(each for each in actions.FIELDS if (each, action) in self.hidden)


def document(language: str, granted: Granted) -> CatalogueBody:
    """What is answered; readers of equal rights have the same."""
    return _document(language, calendar.zone(), rights_of(granted), granted.own_fields)


def rights_of(granted: Granted) -> ReaderRights | None:
    """None is everything there is."""
    if not granted.limited:
        return None
    every = frozenset(actions.every())
    found = frozenset(action for action in every if granted.may(action))
    readings = [one for one in every if one.startswith("read:")]
    hidden = frozenset((each, one) for one in readings for each in granted.hidden(one))
    return None if found == every and not hidden else ReaderRights(found, hidden)


@lru_cache(maxsize=MOST_REMEMBERED)
def _document(language: str, _: str, rights: ReaderRights | None, own: OwnFields) -> CatalogueBody:
    whole = building.catalogue(language) if rights is None else catalogue(language, rights)
    return CatalogueBody.of(building.encoded(fitted(whole, own)))


def catalogue(language: str, rights: ReaderRights) -> Catalogue:
    return _Reader(building.catalogue(language), rights).catalogue()


class _Reader:
    def __init__(self, whole: Catalogue, rights: ReaderRights) -> None:
        self.whole, self.rights = whole, rights

    def catalogue(self) -> Catalogue:
        whole, may = self.whole, self.rights.actions
        commands = [one for one in whole.commands if _action(one) in may]
        asked = {one.name for one in commands}
        readable = {one.name for one in whole.kinds if actions.reading(one.name) in may}
        named = readable | {one.kind for one in commands}
        kinds = [self._kind(one, readable, asked) for one in whole.kinds if one.name in named]
        figures = [self._figure(one) for one in whole.figures if _figure_action(one.name) in may]
        events = [
            self._event(one) for one in whole.events if one.kind is None or one.kind in readable
        ]
        contexts = {one.context for one in kinds}
        contexts |= {one.context for one in commands} | {one.context for one in figures}
        parts = {
            "kinds": kinds,
            "commands": commands,
            "figures": figures,
            "events": events,
            "operations": [one for one in whole.operations if actions.operate(one) in may],
            "contexts": [one for one in whole.contexts if one.name in contexts],
        }
        return _naming(whole.model_copy(update=parts), named)

    def _kind(self, kind: KindPart, readable: set[str], asked: set[str]) -> KindPart:
        """Of what may be asked and not read, its name and its commands are left."""
        mine = {"commands": [one for one in kind.commands if one in asked]}
        if kind.name in readable:
            shown = self._shown(actions.reading(kind.name)).fields(kind.fields)
            return kind.model_copy(update={**mine, "fields": shown})
        unseen: dict[str, Any] = {"record": None, "address": None, "files": False}
        unseen |= {"fields": [], "events": []}
        return kind.model_copy(update={**mine, **unseen})

    def _event(self, event: EventPart) -> EventPart:
        if event.kind is None:
            return event
        shown = self._shown(actions.reading(event.kind)).fields(event.fields)
        return event.model_copy(update={"fields": shown})

    def _figure(self, figure: FigurePart) -> FigurePart:
        shown = self._shown(_figure_action(figure.name))
        parts = ("dimensions", "measures", "filters", "parameters")
        return figure.model_copy(
            update={name: shown.fields(getattr(figure, name)) for name in parts}
        )

    def _shown(self, action: str) -> "_Shown":
        return _Shown(self.rights.classes(action))


class _Shown:
    """The fields that are left without some classes of them."""

    def __init__(self, hidden: Collection[str]) -> None:
        self.names, self.persons = masks.names(hidden), PERSONAL not in hidden

    def fields(self, fields: Iterable[FieldPart]) -> list[FieldPart]:
        return [self._field(one) for one in fields if not self._hides(one)]

    def _hides(self, field: FieldPart) -> bool:
        named = field.name.rpartition(".")[2] in self.names
        return named or (field.personal and not self.persons)

    def _field(self, field: FieldPart) -> FieldPart:
        choices = [one for one in field.choices if one.value not in self.names]
        return field.model_copy(update={"choices": choices, "fields": self.fields(field.fields)})


def _action(command: CommandPart) -> str:
    """That of the thing which it is asked of; its context may be another one."""
    return action_of(Command.known[command.name])


def _figure_action(name: str) -> str:
    return _figure_actions()[name]


@lru_cache(maxsize=1)
def _figure_actions() -> Mapping[str, str]:
    return {one.name: actions.reading_figure(one.view) for one in FIGURES}


def _naming(made: Catalogue, known: set[str]) -> Catalogue:
    """Fields name no kind that the reader does not know."""

    def named(field: FieldPart) -> FieldPart:
        names = [one for one in field.names if one in known]
        return field.model_copy(update={"names": names, "fields": _each(named, field.fields)})

    parts = ("fields", "dimensions", "measures", "filters", "parameters")
    updated = {
        group: [
            one.model_copy(
                update={p: _each(named, getattr(one, p)) for p in parts if hasattr(one, p)}
            )
            for one in getattr(made, group)
        ]
        for group in ("kinds", "commands", "events", "figures", "settings")
    }
    return made.model_copy(update=updated)


def _each(do: Callable[[FieldPart], FieldPart], fields: Iterable[FieldPart]) -> list[FieldPart]:
    return [do(one) for one in fields]
