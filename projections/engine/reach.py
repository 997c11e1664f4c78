"""What of a kind somebody may see: everything, nothing, or what lies within a scope."""

from collections.abc import Mapping
from typing import NamedTuple

from aggregates.conditions import AllOf, AnyOf, Condition, Tree
from projections.engine.among import Among, among

Values = Mapping[str, frozenset[str]]
"""By dimension, the values that are within; of a tree, all that lie below them too."""


DEALER = "dealer"
"""The dimension of things that hang on a customer."""
EVERYTHING: Tree = AllOf(())
NOTHING: Tree = AnyOf(())


class Reach(NamedTuple):
    """`within` are scopes, any of which is enough; without any nothing is reached.

    What hangs on a customer that is `shared` is reached as well.
    """

    everything: bool = False
    within: tuple[Values, ...] = ()
    shared: tuple[Among, ...] = ()

    @property
    def nothing(self) -> bool:
        return not (self.everything or self.within or self.shared)

    def tree(self, scope: Mapping[str, str] | None) -> Tree:
        """The same as a condition on the fields that have the dimensions."""
        if self.everything:
            return EVERYTHING
        if scope is None:
            return NOTHING
        if not scope:
            return EVERYTHING if self.within else NOTHING
        ways = [self._tree(one, scope) for one in self.within]
        if self.shared and DEALER in scope:
            ways.append(among(scope[DEALER], *self.shared))
        return AnyOf(ways)

    @staticmethod
    def _tree(wanted: Values, scope: Mapping[str, str]) -> Tree:
        carried = [name for name in wanted if name in scope]
        if not carried:
            return NOTHING
        return AllOf([Condition(scope[name], "", sorted(wanted[name])) for name in carried])


ALWAYS = Reach(everything=True)
NEVER = Reach()


def below(values: frozenset[str], parents: Mapping[str, str | None]) -> frozenset[str]:
    """The values and all that lie below them in a tree, of which what lies above each is given."""
    found, more = set(values), True
    while more:
        under = {one for one, above in parents.items() if above in found} - found
        found |= under
        more = bool(under)
    return frozenset(found)
