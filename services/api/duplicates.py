"""Customers that are there already and may be one: found by what they are called and reached by."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Annotated, Any

from fastapi import FastAPI, Query, Response
from pydantic import Field

from aggregates.likeness import Alike, Traits, compare, keys
from commands.fields import Digits
from projections.customers import customer
from projections.engine import record_query
from projections.engine.record_query import RecordQuery
from services.access import masks, request_notes
from services.access.actions import reading
from services.api import freshness, schemas
from services.api.asking import ReadQuery
from services.api.freshness import ReadContext
from services.api.guards import needs
from services.api.json_answer import json_answer
from services.api.record_questions import not_hidden
from services.api.records import GOES_WRONG
from services.bootstrap import Platform

SHOWN = ("id", "name", "region", "owner", "tax_id", "phone")
PAGE = 1_000
MOST_ALIKE = 50
"""Customers with one key that are compared: what more have says nothing."""
SAID = (
    "Pairs of customers that may be one, the likest first: by name, telephone and tax id, as far"
    " as the reader may see them. What was merged is not among them."
)


class DuplicatesAsked(ReadQuery):
    likeness: Annotated[int, Field(ge=1, le=10_000), Digits] = Field(
        6_500, description="How alike at least, in basis points: 10000 is certain."
    )
    limit: Annotated[int, Field(ge=1, le=1_000), Digits] = 50


class PossibleDuplicate(schemas.Shape):
    likeness_bp: int
    by: list[str] = Field(description="What both have alike.")
    customers: list[dict[str, Any]]


class PossibleDuplicates(schemas.Shape):
    data: list[PossibleDuplicate]
    freshness: schemas.FreshnessShape


def add(app: FastAPI, platform: Platform) -> None:
    async def duplicates(asked: Annotated[DuplicatesAsked, Query()]) -> Response:
        def take(seen: ReadContext) -> dict[str, Any]:
            known = {row["id"]: row for row in _customers(seen)}
            found = alike({name: _traits(row) for name, row in known.items()}, asked.likeness)
            first = sorted(found.items(), key=lambda one: (-one[1].likeness_bp, one[0]))
            rows = [
                {
                    "likeness_bp": how.likeness_bp,
                    "by": how.by,
                    "customers": [_shown(known[one]) for one in pair],
                }
                for pair, how in first[: asked.limit]
            ]
            return {"data": rows}

        return json_answer(await freshness.read(platform, customer.record, asked, take))

    app.add_api_route(
        "/duplicates/customers",
        duplicates,
        tags=["customers"],
        dependencies=[needs(reading("customer"))],
        response_model=PossibleDuplicates,
        summary=SAID,
        description=SAID,
        operation_id="customer_duplicates",
        responses=GOES_WRONG,
    )


def alike(every: Mapping[str, Traits], least_bp: int) -> dict[tuple[str, str], Alike]:
    """The pairs that are at least so much alike."""
    by_key = defaultdict[str, list[str]](list)
    for name, traits in every.items():
        for key in keys(traits):
            by_key[key].append(name)
    found = dict[tuple[str, str], Alike]()
    for ids in by_key.values():
        for one, other in combinations(sorted(ids), 2) if len(ids) <= MOST_ALIKE else ():
            if (one, other) not in found:
                found[one, other] = compare(every[one], every[other], least_bp)
    return {pair: how for pair, how in found.items() if how.by}


def _customers(seen: ReadContext) -> Iterator[dict[str, Any]]:
    record = masks.record(seen.granted, customer.record)
    scope = seen.granted.scope(seen.connection, customer.record)
    wanted = RecordQuery(scope, list(not_hidden(record, ())))
    for rows in record_query.every(seen.connection, record, wanted, seen.as_of, PAGE):
        request_notes.rows(record, rows, list(SHOWN))
        yield from rows


def _traits(row: dict[str, Any]) -> Traits:
    phone = row.get("phone")
    return Traits(row["name"], (phone,) if phone else (), tax_id=row.get("tax_id"))


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in SHOWN if name in row}
