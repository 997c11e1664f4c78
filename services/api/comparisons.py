"""Comparisons in a question about figures, `item.category.under=food`, as a list has them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Any

from aggregates import where
from aggregates.mentions import NAMED
from aggregates.unclear import Unclear
from projections.engine.conditions import (
    OPERATORS,
    UNDER,
    AllOf,
    Condition,
    Tree,
    fields,
)
from projections.engine.figure import Figure
from projections.engine.reading import TOGETHER, Filters
from projections.engine.record import Record
from projections.engine.trees import TooMany, parent, spread
from services.api import attributes
from services.api.asking import ReadQuery
from services.api.freshness import ReadContext
from services.api.problems import Problem, too_many_below, wrong
from services.bootstrap import RECORDS
from services.lists.terms import check_values, no_tree, truth, unknown

TREES = {one.kind.kind: one for one in RECORDS if parent(one) is not None}


def filters(figure: Figure, question: ReadQuery) -> dict[str, Sequence[str] | Tree]:
    """By each dimension or field what is asked of it; raises the problem of what makes no sense."""
    try:
        return _together(figure, question.filters(), list(_compared(figure, question)))
    except Unclear as error:
        raise wrong(error.parameter, error.code, str(error), error.zh) from error


def seen(figure: Figure, asked: Filters, context: ReadContext) -> Filters:
    """The same with what lies below a value as of the moment, and what the reader may see."""
    found = {name: _spread(figure, wanted, context) for name, wanted in asked.items()}
    return context.granted.figures(context.connection, figure.view, found)


def trees_asked(question: ReadQuery) -> list[Record[Any]]:
    """The records that must have come as far where a question looks below something."""
    asked = [*(question.model_extra or {}), getattr(question, "where", None) or ""]
    return list(TREES.values()) if any(f".{UNDER}" in one for one in asked) else []


def _compared(figure: Figure, question: ReadQuery) -> Iterator[Tree]:
    for given, values in (question.model_extra or {}).items():
        if not _suffixed(figure, given):
            raise Problem("unknown-parameter", names=given)
        yield _condition(figure, given, [values] if isinstance(values, str) else values)
    if (text := getattr(question, "where", None)) is not None:
        tree = where.parse(text, partial(_condition, figure))
        yield from tree.parts if isinstance(tree, AllOf) else [tree]


def _suffixed(figure: Figure, given: str) -> bool:
    name, _, operator = given.rpartition(".")
    return operator in OPERATORS and name in known(figure)


@cache
def known(figure: Figure) -> Mapping[str, Record[Any] | None]:
    """What may be compared, each with the tree that its values lie in, if they do."""
    named = {name: NAMED.get(name, name) for name in figure.filtered}
    named |= {name: attributes.names(figure, name) for name in attributes.of(figure)}
    return {name: TREES.get(kind) for name, kind in named.items()}


def _condition(figure: Figure, given: str, values: Sequence[str]) -> Condition:
    name, operator = given, ""
    if _suffixed(figure, given):
        name, _, operator = given.rpartition(".")
    every = known(figure)
    if name not in every:
        raise unknown(given, list(every))
    if operator == UNDER and every[name] is None:
        raise no_tree(given, [one for one, tree in every.items() if tree is not None])
    check_values(given, values)
    if operator == "empty":
        values = [truth(given, value) for value in values]
    return Condition(name, operator, values)


def _together(
    figure: Figure, plain: Mapping[str, Sequence[str]], compared: Sequence[Tree]
) -> dict[str, Sequence[str] | Tree]:
    """One condition for each name; what is of several stands by itself."""
    if not compared:
        return dict(plain)
    found = defaultdict[str, list[Tree]](list)
    for name, values in plain.items():
        found[name].append(Condition(name, "", values))
    for tree in compared:
        names = fields(tree)
        if len(names) > 1 and not figure.joins:
            raise Unclear(
                "where",
                "of_several",
                f"Here each condition is of one field; {', '.join(sorted(names))} stand in one."
                " Join conditions of different fields by and alone.",
                f"此处每个条件只能涉及一个字段，但 {'、'.join(sorted(names))} 在同一条件中。"
                "不同字段的条件请只用 and 连接。",
            )
        found[min(names) if len(names) == 1 else TOGETHER].append(tree)
    return {name: AllOf(trees) for name, trees in found.items()}


def _spread(figure: Figure, wanted: Any, context: ReadContext) -> Any:
    if not isinstance(wanted, AllOf):
        return wanted
    trees = {name: tree for name, tree in known(figure).items() if tree is not None}
    try:
        return spread(context.connection, wanted, trees, context.states)
    except TooMany as error:
        raise too_many_below(error.field) from error
