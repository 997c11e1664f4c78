"""What routes may ask of documents: the facts of each kind, and conditions on them."""

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

from aggregates import where
from aggregates.conditions import (
    OPERATORS,
    UNDER,
    AllOf,
    AnyOf,
    Condition,
    Tree,
    as_predicate,
    mapped,
)
from aggregates.unclear import Unclear

Facts = Mapping[str, Any]
"""What is so of one document; of a fact in a tree, `department.under` is it with all above it."""
KINDS: dict[str, Mapping[str, type[int] | type[str]]] = {}
"""The facts of each kind of document, by name."""
OF_TEXT = frozenset({"contains", "starts"})


@lru_cache(maxsize=1_000)
def condition(kind: str, text: str) -> Tree:
    """A condition as lists are asked; raises `Unclear` where a kind has no such fact."""
    return where.parse(text, partial(_read, KINDS[kind]))


def fits(kind: str, text: str | None, facts: Facts) -> bool:
    """Whether a document with these facts is meant; without a condition, every one is."""
    if text is None:
        return True
    return as_predicate(mapped(condition(kind, text), partial(_below, facts)))(facts)


def _below(facts: Facts, asked: Condition) -> Tree:
    if asked.operator != UNDER:
        return asked
    above = facts[f"{asked.field}.{UNDER}"]
    return AllOf([]) if any(value in above for value in asked.values) else AnyOf([])


def _read(known: Mapping[str, type], given: str, values: Sequence[str]) -> Tree:
    name, dot, operator = given.partition(".")
    plain = {fact for fact in known if "." not in fact}
    if name not in plain or (dot and operator not in OPERATORS):
        every = ", ".join(sorted(plain))
        raise Unclear(
            given,
            "unknown_field",
            f"There is no fact {given}. There are {every}.",
            f"没有条件 {given}。可用的有 {every}。",
        )
    if operator == UNDER and f"{name}.{UNDER}" not in known:
        raise Unclear(given, "no_tree", f"{name} lies in no tree.", f"{name} 没有上下级。")
    if known[name] is not int or operator == "empty":
        return Condition(name, operator, values)
    if operator in OF_TEXT or not all(value.isdecimal() for value in values):
        raise Unclear(
            given,
            "digits",
            f"{name} is a whole number: write digits alone, such as {name}.gte=100",
            f"{name} 是整数：请只填写数字，例如 {name}.gte=100",
        )
    return Condition(name, operator, [int(value) for value in values])
