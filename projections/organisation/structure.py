"""The structure of a day: who headed and who worked in each department, and what was vacant.

It is read from the records of departments, positions and people as they were at one moment, so
that it answers for people hired before there were positions as well.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection

from aggregates.conditions import Condition, Tree
from projections.engine import record_query
from projections.engine.reading import AsOf
from projections.engine.record import Record
from projections.engine.record_query import RecordQuery
from projections.engine.record_rows import Row

PAGE = 1_000
THERE: Tree = Condition("withdrawn", "empty", ["true"])


def every(
    connection: Connection, record: Record[Any], scope: Tree, as_of: AsOf, *wanted: Tree
) -> list[Row]:
    """All things of a kind that one may see and that were not withdrawn."""
    query = RecordQuery(scope, [THERE, *wanted])
    pages = record_query.every(connection, record, query, as_of, PAGE)
    return [row for page in pages for row in page]


def structure(
    departments: Sequence[Row], positions: Sequence[Row], people: Sequence[Row]
) -> list[dict[str, Any]]:
    """Each department with its people and positions, those below a department after it.

    Departments that people work in and that were never registered come last.
    """
    known = {row["id"]: row for row in departments}
    holders = {position: row["id"] for row in people for position in row["positions"]}
    named = [*positions, *people]
    strangers = sorted({row["department"] for row in named} - known.keys())
    order = [*_downwards(known, None, 0), *((name, 0) for name in strangers)]
    return [
        _department(name, level, known.get(name, {}), positions, people, holders)
        for name, level in order
    ]


def ahead(people: Sequence[Row], positions: Sequence[Row], day: str) -> list[Row]:
    """People as they will be on a day to come, if all that is planned begins."""
    found = {row["id"]: {**row, "positions": [*row["positions"]]} for row in people}
    every = [(one["from_day"], row["id"], one) for row in people for one in row["planned"]]
    plans = sorted((one for one in every if one[0] <= day), key=itemgetter(0, 1))
    places = {row["id"]: row for row in positions}
    for _, group in groupby(plans, key=itemgetter(0)):
        some = [(found[name], plan) for _, name, plan in group]
        for row, plan in some:
            _give_up(row, plan["gives_up"])
        held = {position for row in found.values() for position in row["positions"]}
        for row, plan in some:
            if plan["position"] not in held:
                _begin(row, plan, places.get(plan["position"], {}))
    return list(found.values())


def _give_up(row: Row, position: str | None) -> None:
    if position in row["positions"]:
        row["positions"].remove(position)
        if row["main_position"] == position:
            row["main_position"] = next(iter(row["positions"]), None)


def _begin(row: Row, plan: Row, place: Row) -> None:
    department = plan["department"]
    if place:
        main = plan["main"] or row["main_position"] is None
        row["positions"].append(place["id"])
        row["main_position"] = place["id"] if main else row["main_position"]
        department = department or (place["department"] if main else None)
    row["department"] = department or row["department"]


def _downwards(
    known: Mapping[str, Row], above: str | None, level: int
) -> Iterator[tuple[str, int]]:
    for name, row in sorted(known.items()):
        parent = row["parent"] if row["parent"] in known else None
        if parent == above:
            yield name, level
            yield from _downwards(known, name, level + 1)


def _department(
    name: str,
    level: int,
    row: Mapping[str, Any],
    positions: Sequence[Row],
    people: Sequence[Row],
    holders: Mapping[str, str],
) -> dict[str, Any]:
    own = [one for one in positions if one["department"] == name]
    heads = [one["id"] for one in own if one["heads"] == "yes"]
    ids = {one["id"] for one in own}
    working = [one for one in people if one["department"] == name or ids & {*one["positions"]}]
    shown = "id", "name", "title", "main_position", "positions"
    return {
        "id": name,
        "name": row.get("name"),
        "parent": row.get("parent"),
        "level": level,
        "headed_by": [holders[one] for one in heads if one in holders],
        "people": [{field: one[field] for field in shown if field in one} for one in working],
        "positions": [
            {
                "id": one["id"],
                "name": one["name"],
                "reports_to": one["reports_to"],
                "heads": one["heads"] == "yes",
                "filled_by": holders.get(one["id"]),
            }
            for one in own
        ],
    }
