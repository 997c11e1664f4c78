"""What an account may do, and for what of it all: pure functions of its roles and their scopes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from aggregates.organisation.account import Scope
from aggregates.organisation.grants import ALL

EVERYTHING = Scope(everything=True)
Paths = Mapping[str, frozenset[str]]
"""Of a thing, by dimension: its value and, in a tree, all that lie above that."""


class Given(NamedTuple):
    """A role that an account was given: what it grants, and for what."""

    grants: tuple[str, ...]
    scope: Scope

    def scopes(self, action: str) -> Iterator[Scope]:
        """For what it grants an action."""
        for grant in self.grants:
            if covers(grant.removesuffix(ALL), action):
                yield EVERYTHING if grant.endswith(ALL) else self.scope


@dataclass(frozen=True)
class Rights:
    """`person` is whose account it is, and `teams` the departments that the person works in."""

    actor: str
    given: tuple[Given, ...] = ()
    person: str | None = None
    teams: tuple[str, ...] = ()
    _reached: dict[str, tuple[Scope, ...]] = field(default_factory=dict, compare=False)
    _shown: dict[tuple[str, str], bool] = field(default_factory=dict, compare=False)

    def reach(self, action: str) -> tuple[Scope, ...]:
        """The scopes for which it may be done: none is never, `EVERYTHING` is always."""
        found = self._reached.get(action)
        if found is None:
            every = (scope for given in self.given for scope in given.scopes(action))
            found = tuple(dict.fromkeys(every))
            found = (EVERYTHING,) if any(one.everything for one in found) else found
            self._reached[action] = found
        return found

    def may(self, action: str) -> bool:
        return bool(self.reach(action))

    def shows(self, fields: str, reading: str) -> bool:
        """Whether a class of fields may be seen of all that may be read by an action.

        A role shows the class of what lies within its scope, and of whatever it lets read itself.
        """
        place = fields, reading
        if place not in self._shown:
            shown = {
                scope
                for given in self.given
                if any(True for _ in given.scopes(fields))
                for scope in (*given.scopes(fields), *given.scopes(reading))
            }
            self._shown[place] = bool(shown) and (
                EVERYTHING in shown or shown.issuperset(self.reach(reading))
            )
        return self._shown[place]

    def values(self, scope: Scope) -> Paths:
        """What a scope names, by dimension; those that it leaves open do not count."""
        teams = self.teams if scope.own == "team" else ()
        owner = (self.person,) if scope.own == "owner" and self.person else ()
        named = {
            "department": (*scope.departments, *teams),
            "region": scope.regions,
            "owner": owner,
            "dealer": scope.dealers,
        }
        return {name: frozenset(values) for name, values in named.items() if values}

    def within(self, scope: Scope, thing: Paths | None) -> bool:
        """Whether a thing is within a scope; None is a thing that only `EVERYTHING` reaches.

        A dimension that the thing does not have does not count; a thing that has some, and none
        of those that the scope names, is not within it.
        """
        if scope.everything:
            return True
        wanted = self.values(scope)
        if thing is None or not wanted:
            return False
        carried = [name for name in wanted if name in thing]
        if not carried:
            return not thing
        return all(wanted[name] & thing[name] for name in carried)

    def within_named(self, scope: Scope, place: Paths) -> bool:
        """Whether a place is within a scope, as far as it is named; what is left out follows from
        whatever else a command names.
        """
        wanted = self.values(scope)
        named = [name for name in wanted if name in place]
        return scope.everything or (
            bool(wanted) and all(wanted[name] & place[name] for name in named)
        )


def covers(grant: str, action: str) -> bool:
    """Whether a grant such as `read:orders/*` covers an action such as `read:orders/orders`."""
    verb, _, what = grant.partition(":")
    asked, _, name = action.partition(":")
    if verb != asked:
        return False
    pairs = zip(what.split("/"), name.split("/"), strict=False)
    return all(wanted in ("*", given) for wanted, given in pairs)
