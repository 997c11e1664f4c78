"""Conditions on the fields of a thing: one tree, told to a database or asked of a row.

Both answer alike. A field without a value fits no comparison but `not` and `empty`, and what does
not fit fits the negation: there is no third answer. Letters from a to z are the same in capitals
where a part of a text is looked for, and nowhere else.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

UNDER = "under"
OPERATORS = ("not", "contains", "starts", "empty", "gt", "gte", "lt", "lte", UNDER)
"""What may follow the name of a field; without one, any of the values is meant."""
WITHIN = "within"
AMONG = "among"
"""Nobody asks for it by name: it says what of other records a value is looked up in."""
Predicate = Callable[[Mapping[str, Any]], bool]


class Condition(NamedTuple):
    """`values` are all of the field's type; of `empty`, one of them, "true" or "false".

    Those of `within` are pairs: from the first on, and before the second. What is `under` a value
    depends on the tree that it is in: `trees.spread` puts the values below in its place.
    """

    field: str
    operator: str
    values: Sequence[Any]


@dataclass(frozen=True)
class AllOf:
    """Without parts it fits everything."""

    parts: Sequence["Tree"]


@dataclass(frozen=True)
class AnyOf:
    """Without parts it fits nothing."""

    parts: Sequence["Tree"]


@dataclass(frozen=True)
class Not:
    part: "Tree"


Tree = Condition | AllOf | AnyOf | Not
TREE = Condition, AllOf, AnyOf, Not


def as_predicate(tree: Tree) -> Predicate:
    """Whether a row fits, be it of a database or of anything else that has the fields."""
    match tree:
        case AllOf(parts):
            every = [as_predicate(part) for part in parts]
            return lambda row: all(fits(row) for fits in every)
        case AnyOf(parts):
            some = [as_predicate(part) for part in parts]
            return lambda row: any(fits(row) for fits in some)
        case Not(part):
            fits = as_predicate(part)
            return lambda row: not fits(row)
        case Condition(field, operator, values):
            of_value = _test(operator, values)
            return lambda row: of_value(row[field])


def fields(tree: Tree) -> set[str]:
    """The fields that it speaks of."""
    match tree:
        case AllOf(parts) | AnyOf(parts):
            return {name for part in parts for name in fields(part)}
        case Not(part):
            return fields(part)
        case Condition(field):
            return {field}


def mapped(tree: Tree, change: Callable[[Condition], "Tree"]) -> Tree:
    """The same tree with each condition changed."""
    match tree:
        case AllOf(parts):
            return AllOf([mapped(part, change) for part in parts])
        case AnyOf(parts):
            return AnyOf([mapped(part, change) for part in parts])
        case Not(part):
            return Not(mapped(part, change))
        case Condition():
            return change(tree)


def _test(operator: str, values: Sequence[Any]) -> Callable[[Any], bool]:
    if operator == AMONG:
        return lambda value: any(value in each for each in values)
    known = frozenset(values)
    match operator:
        case "":
            return known.__contains__
        case "not":
            return lambda value: value not in known
        case "contains":
            return lambda value: _some(value, lambda text: any(lower(v) in text for v in values))
        case "starts":
            return lambda value: _some(value, lambda text: text.startswith(_lowers(values)))
        case "empty":
            wanted = values[0] == "true"
            return lambda value: (value is None or value == "") is wanted
        case "gt":
            return lambda value: value is not None and value > max(values)
        case "gte":
            return lambda value: value is not None and value >= max(values)
        case "lt":
            return lambda value: value is not None and value < min(values)
        case "lte":
            return lambda value: value is not None and value <= min(values)
        case "within":
            return lambda value: value is not None and any(a <= value < b for a, b in values)
    raise ValueError(f"{operator} is no operator")


def _some(value: Any, test: Callable[[str], bool]) -> bool:
    return value is not None and test(lower(value))


def _lowers(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(lower(value) for value in values)


CAPITALS = {ord(letter): letter.lower() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


def lower(text: str) -> str:
    """As both databases lower a text: the other alphabets stay as they are."""
    return text.translate(CAPITALS)
