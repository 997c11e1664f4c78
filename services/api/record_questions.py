"""The question about a list: read with what is wrong with it, and told in words."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from fastapi import Request

from aggregates import where
from aggregates.conditions import AllOf, Condition, Tree, fields, mapped
from aggregates.unclear import Unclear
from infra.clock import EPOCH
from projections.engine import record_order, tallies, words
from projections.engine.record import Record
from projections.engine.record_order import Sort
from projections.engine.record_query import RecordQuery
from projections.engine.trees import TooMany, spread
from services.access import request_notes
from services.access.permissions import GRANTED
from services.api.asking_records import Listed
from services.api.freshness import ReadContext
from services.api.problem_kinds import language
from services.api.problems import Problem, too_many_below, wrong
from services.exports.lines import Lines
from services.lists import chosen
from services.lists.own_conditions import own_conditions
from services.lists.terms import Asker, Terms, unknown
from services.lists.trees import trees
from services.lists.words import Wording, text

MOST_VALUES = 50
ANY_DAY = 20_000
"""Whether a question makes sense does not depend on the day."""


class ListQuestion:
    """What is asked of one kind; what it comes to depends on who asks, and on which day."""

    def __init__(
        self,
        request: Request,
        record: Record[Any],
        asked: Listed,
        identities: tuple[str, ...] = (),
    ) -> None:
        """Raises the problem of a parameter that names no field, or of a value that cannot be."""
        self.record, self.asked, self.identities = record, asked, identities
        self.own, rights = own_conditions(record), GRANTED.get().rights
        person = None if rights is None else rights.person
        self.account: str = request.scope["actor"]
        self.actor = person or self.account
        self.language = asked.language or language(request.headers.get("accept-language"))
        self._trees = dict[int, Tree]()
        _check_once(request, record)
        _check_words(asked.q)
        self.sort = _sorts(record, asked.sort)
        self.conditions(ANY_DAY)
        try:
            self.fields = chosen.shown(record, asked.fields)
            self.facets = chosen.faceted(record, asked.facets)
            self.totals = chosen.totalled(record, asked.totals)
        except Unclear as error:
            raise _problem(error) from error

    def conditions(self, today: int) -> Tree:
        """All that must hold, with days and persons as they are on a business day."""
        if today not in self._trees:
            self._trees[today] = self._read(today)
        return self._trees[today]

    def _read(self, today: int) -> Tree:
        asker = Asker(self.actor, _date(today), self.account, self.identities)
        terms = Terms(self.record, asker, trees(self.record), Listed.model_fields, self.own)
        given: dict[str, Sequence[str]] = {**self.asked.filters(), **_extra(self.asked)}
        try:
            told = [terms.tree(name, values) for name, values in given.items() if values]
            if self.asked.where is not None:
                told.append(where.parse(self.asked.where, terms.tree))
        except Unclear as error:
            raise _problem(error) from error
        return AllOf(told)

    def query(self, seen: ReadContext, today: int, but: str | None = None) -> RecordQuery:
        """The same for the database; what lies below a value is looked up as of the moment.

        `but` is a field whose own conditions are left out.
        """
        tree = self.conditions(today)
        if but is not None:
            tree = tallies.without(tree, but)

        def concerned(one: Condition) -> Tree:
            own = self.own.get(one.field)
            return one if own is None else own.tree(seen.granted)

        try:
            meant = mapped(tree, concerned)
            found = spread(seen.connection, meant, trees(self.record), seen.as_of)
        except TooMany as error:
            raise too_many_below(error.field) from error
        hidden = not_hidden(self.record, {*fields(tree), but})
        every = found.parts if isinstance(found, AllOf) else [found]
        return RecordQuery(
            seen.granted.scope(seen.connection, self.record),
            [*every, *hidden],
            self.asked.q.split(),
            record_order.ordered(self.sort),
        )

    def each(self, lines: Lines) -> str | None:
        """The list within each thing that a file has a row for each of."""
        try:
            return chosen.lined(self.asked.each, lines.fields)
        except Unclear as error:
            raise _problem(error) from error

    def in_all(self, seen: ReadContext, today: int) -> dict[str, Any]:
        """What all rows come to, as far as it was asked."""
        found, exact = dict[str, Any](), self.asked.count == "exact"
        what = seen.connection, self.record
        if self.facets:
            facets = {
                name: tallies.facet(*what, query, seen.as_of, name, MOST_VALUES, whole=exact)
                for name in self.facets
                for query in [self.query(seen, today, name)]
            }
            found["facets"] = {name: _shown(one) for name, one in facets.items()}
            if any(one.capped for one in facets.values()):
                found["facets_of"] = tallies.COUNTED
            request_notes.facets(self.record, found["facets"])
        if self.totals:
            query = self.query(seen, today)
            sums = tallies.totals(*what, query, seen.as_of, self.totals, whole=exact)
            found |= {"totals_over": tallies.ADDED} if sums is None else {"totals": sums}
        return found

    def told(self, today: int) -> dict[str, str]:
        """The question in words, and as a `where` that asks for the same on any other day."""
        tree = self.conditions(today)
        wording = Wording(self.record, self.language)
        sentence = wording.whole(tree, self.asked.q, self.sort)
        return {"words": sentence, "where": text(tree, self.record)}


def _shown(found: tallies.Facet) -> dict[str, Any]:
    values = [{"value": value, "count": times} for value, times in found.values]
    return {"values": values, "more": found.more}


def _date(day: int) -> date:
    return EPOCH.date() + timedelta(days=day)


def _extra(asked: Listed) -> dict[str, Sequence[str]]:
    found = asked.model_extra or {}
    return {name: [value] if isinstance(value, str) else value for name, value in found.items()}


def not_hidden(record: Record[Any], asked: Collection[str | None]) -> Iterator[Condition]:
    """What is withdrawn is in no list that does not ask about it."""
    for name, field in record.fields.items():
        if field.mark.hides and name not in asked:
            yield Condition(name, "empty", ["true"])


def _check_once(request: Request, record: Record[Any]) -> None:
    """What can have one value only is not silently taken from the last of several."""
    single = set(Listed.model_fields) - set(record.fields)
    for name in single & set(request.query_params):
        if len(request.query_params.getlist(name)) > 1:
            raise wrong(
                name,
                "twice",
                f"{name} stands in the address more than once. Write it once.",
                f"地址中多次出现 {name}。请只写一次。",
            )


def _check_words(asked: str) -> None:
    if asked.strip() and not words.pieces(asked):
        raise wrong(
            "q",
            "no_word",
            f"There is neither a letter nor a digit in {asked} to look for.",
            f"{asked} 中没有可供查找的文字或数字。",
        )


def _sorts(record: Record[Any], asked: str) -> list[Sort]:
    columns, found = record.columns, list[Sort]()
    for word in asked.split(","):
        name = word.removeprefix("-")
        if name not in columns:
            raise _problem(unknown("sort", list(columns), name))
        if name not in [one.field for one in found]:
            found.append(Sort(name, word.startswith("-")))
    return found


def _problem(error: Unclear) -> Problem:
    return wrong(error.parameter, error.code, str(error), error.zh)
