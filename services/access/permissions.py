"""The rights of accounts as they are in the log, remembered for seconds."""

import time
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from typing import Any, NamedTuple

from sqlalchemy import Connection

from aggregates import Aggregate
from aggregates.conditions import AllOf, Tree
from aggregates.operations.register import Register
from aggregates.organisation.rights import EVERYTHING, Rights
from commands import Load
from commands.approvals.identities import may_sign_as
from commands.authorisation import TREES, rights_of
from projections.customers import customer
from projections.engine import View
from projections.engine.among import Among, among, bound
from projections.engine.reach import ALWAYS, NEVER, Reach, Values, below
from projections.engine.reach import EVERYTHING as EVERY_ROW
from projections.engine.reading import SCOPE, Filters
from projections.engine.record import Record
from services import own_fields
from services.access.actions import classes, reading, reading_figure
from services.access.by_value import by_value
from services.access.narrowing import allows
from services.access.shared import Parents, Shares, shares_with
from services.bootstrap import Platform
from services.own_fields import OwnFields

REMEMBERED = 2.0
"""Seconds for which rights are believed: so long what was withdrawn may go on."""
MOST_REMEMBERED = 10_000
READ = "read:"


class Granted(NamedTuple):
    """What one account may do and see; `rights` is None while nobody has an account.

    `narrowed_to` are the grants of the key that was sent, where it has its own.
    """

    actor: str
    rights: Rights | None
    parents: Parents
    narrowed_to: tuple[str, ...] | None = None
    shares: Shares | None = None
    own_fields: OwnFields = ()
    """The company's own fields of customers, of which every reader knows the same."""

    def reach(self, action: str) -> Reach:
        if not self.may(action):
            return NEVER
        if self.rights is None:
            return ALWAYS
        scopes = self.rights.reach(action)
        if EVERYTHING in scopes:
            return ALWAYS
        named = (self.rights.values(scope) for scope in scopes)
        within = tuple(self._below(one) for one in named if one)
        shared = self.shares is not None and bool(scopes) and action.startswith(READ)
        return Reach(within=within, shared=self._shared if shared else ())

    @property
    def limited(self) -> bool:
        """Whether there is anything that may not be done: by an account, or by its key."""
        return self.rights is not None or self.narrowed_to is not None

    def hidden(self, action: str) -> frozenset[str]:
        """The classes of fields that may not be seen in what an action lets read."""
        return frozenset(one for one in classes(action) if not self._shows(f"field:{one}", action))

    def _shows(self, fields: str, action: str) -> bool:
        return self.may(fields) and (self.rights is None or self.rights.shows(fields, action))

    def may(self, action: str) -> bool:
        """Whether it is granted at all, for however little."""
        narrowed = self.narrowed_to is not None and not allows(self.narrowed_to, action)
        return not narrowed and (self.rights is None or self.rights.may(action))

    def scope(self, connection: Connection, record: Record[Any]) -> Tree:
        """What may be seen of a record, as a condition on its fields."""
        own = reading(record.kind.kind)
        if record.seen_with is not None:
            return self._with_customers(connection, own, record.seen_with)
        if record.about is None or record.scope is None:
            return self.within(connection, own, record.scope)
        return self._about(connection, own, record.about, record.scope)

    def _with_customers(self, connection: Connection, action: str, field: str) -> Tree:
        """What an action reaches of what is seen with its customer, as that is today."""
        customers = self.within(connection, action, customer.record.scope)
        if customers == EVERY_ROW:
            return customers
        return bound(connection, among(field, Among(customer.record, "id", customers)))

    def _about(
        self, connection: Connection, action: str, about: str, scope: Mapping[str, str]
    ) -> Tree:
        """What an action reaches of what tells of things that may be seen themselves."""
        kinds = [kind for kind in Aggregate.kinds.values() if not kind.of_another]
        if all(self.reach(one).everything for one in (action, *(reading(k.kind) for k in kinds))):
            return EVERY_ROW

        def reached() -> Iterator[tuple[str, Tree]]:
            for kind in kinds:
                carried = kind().dimensions
                named = None if carried is None else {name: scope[name] for name in carried}
                both = [self.reach(one).tree(named) for one in (action, reading(kind.kind))]
                yield kind.kind, AllOf(both)

        return bound(connection, by_value(about, reached()))

    def figures(self, connection: Connection, view: View, filters: Mapping[str, Any]) -> Filters:
        """The filters, with what may be seen of a view's rows among them."""
        action = reading_figure(view)
        if view.seen_with is not None:
            tree = self._with_customers(connection, action, view.seen_with)
        else:
            tree = self.within(connection, action, view.scope)
        return filters if tree == EVERY_ROW else {**filters, SCOPE: tree}

    def within(self, connection: Connection, action: str, scope: Mapping[str, str] | None) -> Tree:
        """What an action reaches, as a condition on the fields that have the dimensions."""
        reach = self.reach(action)
        tree = reach.tree(scope)
        return bound(connection, tree) if reach.shared else tree

    def _below(self, named: Values) -> Values:
        return {name: below(values, self.parents.get(name, {})) for name, values in named.items()}

    @property
    def _shared(self) -> tuple[Among, ...]:
        return () if self.shares is None else self.shares.among(self.parents)


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

    def identities(self, actor: str) -> tuple[str, ...]:
        """As what somebody may sign now, for himself and for whom he stands in."""
        return self.states.ask(lambda load: may_sign_as(load, actor))

    def own_fields(self) -> OwnFields:
        """As the settings are now."""
        return self.states.ask(own_fields.declared)

    def forget(self) -> None:
        """Ask the log anew, whoever asks next."""
        self._known.clear()

    def fresh(self, actor: str) -> Granted:
        """As the log is now."""
        granted = self.states.ask(lambda load: _granted(load, actor))
        if len(self._known) >= MOST_REMEMBERED:
            self.forget()
        self._known[actor] = time.monotonic() + REMEMBERED, granted
        return granted


def _granted(load: Load, actor: str) -> Granted:
    rights = rights_of(load, actor)
    scoped = rights is not None and any(not one.scope.everything for one in rights.given)
    shares = shares_with(load, rights) if scoped else None
    parents = _parents(load) if scoped else {}
    return Granted(actor, rights, parents, shares=shares, own_fields=own_fields.declared(load))


def _parents(load: Load) -> Parents:
    found = dict[str, dict[str, str | None]]()
    for name, tree in TREES.items():
        register: Register = load(Register, tree.plural)
        things: dict[str, Any] = {one: load(tree, one).now for one in register.ids.values()}
        found[name] = {one: getattr(now, "parent", None) for one, now in things.items()}
    return found
