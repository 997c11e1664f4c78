"""Conditions that depend on the value of a field, with equal ones asked once."""

from collections.abc import Iterable

from aggregates.conditions import AllOf, AnyOf, Condition, Tree
from projections.engine.reach import EVERYTHING


def by_value(field: str, wanted: Iterable[tuple[str, Tree]]) -> Tree:
    """That a row fits the tree of the value that its field has; any other value does not fit."""
    groups = list[tuple[Tree, list[str]]]()
    for value, tree in wanted:
        group = next((values for other, values in groups if other == tree), None)
        if group is None:
            groups.append((tree, [value]))
        else:
            group.append(value)
    return AnyOf([_both(Condition(field, "", values), tree) for tree, values in groups])


def _both(value: Condition, tree: Tree) -> Tree:
    return value if tree == EVERYTHING else AllOf([value, tree])
