"""What of a kind somebody may see: everything, nothing, or what lies within a scope."""

from collections.abc import Mapping
from typing import NamedTuple

from projections.engine.conditions import AllOf, AnyOf, Condition, Tree

Values = Mapping[str, frozenset[str]]
"""By dimension, the values that are within; of a tree, all that lie below them too."""


EVERYTHING: Tree = AllOf(())
NOTHING: Tree = AnyOf(())


class Reach(NamedTuple):
    """`within` are scopes, any of which is enough; without any nothing is reached."""

    everything: bool = False
    within: tuple[Values, ...] = ()

    @property
    def nothing(self) -> bool:
        return not self.everything and not self.within

    def tree(self, scope: Mapping[str, str] | None) -> Tree:
        """The same as a condition on the fields that have the dimensions."""
        if self.everything:
            return EVERYTHING
        if scope is None or not self.within:
            return NOTHING
        return EVERYTHING if not scope else AnyOf([self._tree(one, scope) for one in self.within])

    @staticmethod
    def _tree(wanted: Values, scope: Mapping[str, str]) -> Tree:
        carried = [name for name in wanted if name in scope]
        if not carried:
            return NOTHING
        return AllOf([Condition(scope[name], "", sorted(wanted[name])) for name in carried])


ALWAYS = Reach(everything=True)
NEVER = Reach()
