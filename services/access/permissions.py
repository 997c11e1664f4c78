"""The rights of accounts as they are in the log, remembered for seconds."""

import time
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any, NamedTuple

from aggregates.operations.register import Register
from aggregates.organisation.rights import EVERYTHING, Rights
from commands import Load
from commands.authorisation import TREES, rights_of
from projections.engine import View
from projections.engine.conditions import Tree
from projections.engine.reach import ALWAYS, NEVER, Reach, Values
from projections.engine.reading import SCOPE, Filters
from projections.engine.record import Record
from services.access.actions import FIELDS, reading, reading_figure
from services.access.narrowing import allows
from services.bootstrap import Platform

REMEMBERED = 2.0
"""Seconds for which rights are believed: so long what was withdrawn may go on."""
MOST_REMEMBERED = 10_000
Parents = Mapping[str, Mapping[str, str | None]]
"""By dimension, what lies above each value."""


class Granted(NamedTuple):
    """What one account may do and see; `rights` is None while nobody has an account.

    `narrowed_to` are the grants of the key that was sent, where it has its own.
    """

    actor: str
    rights: Rights | None
    parents: Parents
    narrowed_to: tuple[str, ...] | None = None

    def reach(self, action: str) -> Reach:
        if not self.may(action):
            return NEVER
        if self.rights is None:
            return ALWAYS
        scopes = self.rights.reach(action)
        if EVERYTHING in scopes:
            return ALWAYS
        named = (self.rights.values(scope) for scope in scopes)
        return Reach(within=tuple(self._below(one) for one in named if one))

    @property
    def limited(self) -> bool:
        """Whether there is anything that may not be done: by an account, or by its key."""
        return self.rights is not None or self.narrowed_to is not None

    def hidden(self, action: str) -> frozenset[str]:
        """The classes of fields that may not be seen in what an action lets read."""
        return frozenset(one for one in FIELDS if not self._shows(f"field:{one}", action))

    def _shows(self, fields: str, action: str) -> bool:
        return self.may(fields) and (self.rights is None or self.rights.shows(fields, action))

    def may(self, action: str) -> bool:
        """Whether it is granted at all, for however little."""
        narrowed = self.narrowed_to is not None and not allows(self.narrowed_to, action)
        return not narrowed and (self.rights is None or self.rights.may(action))

    def scope(self, record: Record[Any]) -> Tree:
        """What may be seen of a record, as a condition on its fields."""
        return self.reach(reading(record.kind.kind)).tree(record.scope)

    def figures(self, view: View, filters: Mapping[str, Any]) -> Filters:
        """The filters, with what may be seen of a view's rows among them."""
        reach = self.reach(reading_figure(view))
        return filters if reach.everything else {**filters, SCOPE: reach.tree(view.scope)}

    def _below(self, named: Values) -> Values:
        return {name: _spread(values, self.parents.get(name, {})) for name, values in named.items()}


GRANTED: ContextVar[Granted] = ContextVar("granted")
"""Of whoever asks; a read of which nobody has said what it needs fails for want of it."""


def unlimited(actor: str) -> Granted:
    """Of whoever asks on the machine itself: whoever can read its settings can read all."""
    return Granted(actor, None, {})


class Permissions:
    """Of one process: asks the log at most once in `REMEMBERED` seconds for each account."""

    def __init__(self, platform: Platform) -> None:
        self.states = platform.states
        self._known: dict[str, tuple[float, Granted]] = {}

    def remembered(self, actor: str) -> Granted | None:
        """What was found lately, if it may still be believed."""
        until, found = self._known.get(actor, (0.0, None))
        return found if time.monotonic() < until else None

    def of(self, actor: str) -> Granted:
        found = self.remembered(actor)
        return self.fresh(actor) if found is None else found

    def fresh(self, actor: str) -> Granted:
        """As the log is now."""
        granted = self.states.ask(lambda load: _granted(load, actor))
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        self._known[actor] = time.monotonic() + REMEMBERED, granted
        return granted


def _granted(load: Load, actor: str) -> Granted:
    rights = rights_of(load, actor)
    scoped = rights is not None and any(not one.scope.everything for one in rights.given)
    return Granted(actor, rights, _parents(load) if scoped else {})


def _parents(load: Load) -> Parents:
    found = dict[str, dict[str, str | None]]()
    for name, tree in TREES.items():
        register: Register = load(Register, tree.plural)
        things: dict[str, Any] = {one: load(tree, one).now for one in register.ids.values()}
        found[name] = {one: getattr(now, "parent", None) for one, now in things.items()}
    return found


def _spread(values: frozenset[str], parents: Mapping[str, str | None]) -> frozenset[str]:
    """The values and all that lie below them."""
    found, more = set(values), True
    while more:
        below = {one for one, above in parents.items() if above in found} - found
        found |= below
        more = bool(below)
    return frozenset(found)
