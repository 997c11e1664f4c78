"""Comparisons in a question about figures, `item.category.under=food`, as a list has them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from functools import cache, partial
from typing import Any

from aggregates import where
from aggregates.conditions import OPERATORS, UNDER, AllOf, Condition, Tree, fields, mapped
from aggregates.mentions import NAMED
from aggregates.unclear import Unclear
from infra.clock import EPOCH
from projections.engine.attributes import Attribute
from projections.engine.figure import Figure
from projections.engine.reading import TOGETHER, Filters
from projections.engine.record import Record
from projections.engine.record_fields import Field
from projections.engine.trees import TooMany, parent, spread
from services.api import attributes
from services.api.asking import ReadQuery
from services.api.freshness import ReadContext
from services.api.problems import Problem, too_many_below, wrong
from services.bootstrap import RECORDS
from services.lists.terms import Asker, Terms, check_values, no_tree, truth, unknown

ANY_DAY = 20_000
"""Whether a question makes sense does not depend on the day."""
TREES = {one.kind.kind: one for one in RECORDS if parent(one) is not None}


def filters(
    figure: Figure, question: ReadQuery, today: int = ANY_DAY
) -> dict[str, Sequence[str] | Tree]:
    """By each dimension or field what is asked of it on a business day; raises the problem of what
    makes no sense.
    """
    try:
        compared = list(_Comparisons(figure, today).of(question))
        return _together(figure, question.filters(), compared)
    except Unclear as error:
        raise wrong(error.parameter, error.code, str(error), error.zh) from error


def seen(figure: Figure, question: ReadQuery, more: Filters, context: ReadContext) -> Filters:
    """The same and `more`, as they are to be read at a moment: with what lies below a value then,
    and what the reader may see.
    """
    asked = {**filters(figure, question, context.today), **more}
    found = {name: _spread(figure, wanted, context) for name, wanted in asked.items()}
    return context.granted.figures(context.connection, figure.view, found)


def trees_asked(question: ReadQuery) -> list[Record[Any]]:
    """The records that must have come as far where a question looks below something."""
    asked = [*(question.model_extra or {}), getattr(question, "where", None) or ""]
    return list(TREES.values()) if any(f".{UNDER}" in one for one in asked) else []


class _Comparisons:
    """What a question compares, with days as they are on a business day."""

    def __init__(self, figure: Figure, today: int) -> None:
        self.figure, self.today = figure, EPOCH.date() + timedelta(days=today)
        self.known = known(figure)

    def of(self, question: ReadQuery) -> Iterator[Tree]:
        for given, values in (question.model_extra or {}).items():
            if self._split(given)[0] not in self.known:
                raise Problem("unknown-parameter", names=given)
            yield self._condition(given, [values] if isinstance(values, str) else values)
        if (text := getattr(question, "where", None)) is not None:
            tree = where.parse(text, self._condition)
            yield from tree.parts if isinstance(tree, AllOf) else [tree]

    def _split(self, given: str) -> tuple[str, str]:
        """The name, and the operator that follows it."""
        name, _, operator = given.rpartition(".")
        return (name, operator) if operator in OPERATORS and name in self.known else (given, "")

    def _condition(self, given: str, values: Sequence[str]) -> Tree:
        name, operator = self._split(given)
        if name not in self.known:
            raise unknown(given, list(self.known))
        if operator == UNDER and self.known[name] is None:
            raise no_tree(given, [one for one, tree in self.known.items() if tree is not None])
        attribute = attributes.compared(self.figure).get(name)
        if attribute is not None and _is_typed(attribute.end):
            return self._typed(attribute, given, operator, values)
        check_values(given, values)
        if operator == "empty":
            values = [truth(given, value) for value in values]
        return Condition(name, operator, values)

    def _typed(
        self, attribute: Attribute, given: str, operator: str, values: Sequence[str]
    ) -> Tree:
        """As a list of the record reads it."""
        record, field = attribute.ways[0][-1]
        terms = Terms(record, Asker("", self.today), {})
        try:
            tree = terms.tree(f"{field}.{operator}" if operator else field, values)
        except Unclear as error:
            raise Unclear(given, error.code, str(error), error.zh) from error
        return mapped(tree, partial(_of_attribute, attribute))


def _is_typed(field: Field) -> bool:
    return field.type is int or field.mark.day


def _of_attribute(attribute: Attribute, one: Condition) -> Tree:
    """No day is before any other: it is an empty text here, and nothing in a list."""
    there = Condition(attribute.name, "empty", ["false"])
    named = one._replace(field=attribute.name)
    dated = attribute.end.mark.day and one.operator in ("lt", "lte")
    return AllOf([named, there]) if dated else named


def known(figure: Figure) -> Mapping[str, Record[Any] | None]:
    """What may be compared, each with the tree that its values lie in, if they do."""
    return _known(figure, attributes.hidden(figure))


@cache
def _known(figure: Figure, hidden: frozenset[str]) -> Mapping[str, Record[Any] | None]:
    named = {name: NAMED.get(name, name) for name in figure.filtered}
    shown = [name for name in attributes.compared(figure) if name not in hidden]
    named |= {name: attributes.names(figure, name) for name in shown}
    return {name: TREES.get(kind) for name, kind in named.items()}


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
