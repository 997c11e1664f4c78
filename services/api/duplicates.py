"""Customers that are there already and may be one: found by what they are called and reached by."""

from collections.abc import Iterator
from functools import partial
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request, Response
from pydantic import Field

from aggregates.likeness import Traits
from commands.fields import Digits
from projections.customers import customer
from projections.engine import record_query
from projections.engine.record_query import RecordQuery
from services.access import masks, request_notes
from services.access.actions import reading
from services.alike import Pair, Place, Row, likest
from services.api import asking, freshness, schemas
from services.api.answers import as_json, page
from services.api.asking import Cursor, ReadQuery
from services.api.freshness import ReadContext, moment
from services.api.guards import needs
from services.api.record_questions import not_hidden
from services.api.records import GOES_WRONG
from services.bootstrap import Platform

SHOWN = ("id", "name", "region", "owner", "tax_id", "phone")
PAGE = 1_000
SAID = (
    "Pairs of customers that may be one, the likest first: by name, telephone and tax id, as far"
    " as the reader may see them. What was merged is not among them."
)


class DuplicatesAsked(ReadQuery):
    likeness: Annotated[int, Field(ge=1, le=10_000), Digits] = Field(
        6_500, description="How alike at least, in basis points: 10000 is certain."
    )
    limit: Annotated[int, Field(ge=1, le=1_000), Digits] = 50
    cursor: Annotated[str, Field(max_length=4_000)] | None = Field(
        None, description="From the page before; the rest of the question must be the same."
    )


class PossibleDuplicate(schemas.Shape):
    likeness_bp: int
    by: list[str] = Field(description="What both have alike.")
    customers: list[dict[str, Any]]


class PossibleDuplicates(schemas.Shape):
    data: list[PossibleDuplicate]
    cursor: str | None
    next: str | None
    freshness: schemas.FreshnessShape


def add(app: FastAPI, platform: Platform) -> None:
    async def duplicates(request: Request, asked: Annotated[DuplicatesAsked, Query()]) -> Response:
        imprint = asking.imprint(asked, request.url.path)
        cursor = asking.read_cursor(asked.cursor, imprint, (int, str, str))

        def take(seen: ReadContext) -> dict[str, Any]:
            after = None if cursor is None else Place(*cursor.after)  # type: ignore[arg-type]
            every = partial(_customers, seen)
            pairs = likest(every, asked.likeness, asked.limit + 1, after)
            shown = pairs[: asked.limit]
            more = shown[-1].place if len(pairs) > len(shown) else None
            record = masks.record(seen.granted, customer.record)
            request_notes.rows(record, [row for one in shown for row in one.rows], SHOWN)
            following = None if more is None else Cursor(imprint, more, 0, moment(seen))
            return page(request, [_pair(one) for one in shown], following)

        pinned = None if cursor is None else cursor.position
        return as_json(await freshness.read(platform, customer.record, asked, take, pinned))

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


def _customers(seen: ReadContext) -> Iterator[tuple[Row, Traits]]:
    """All that one may see, with what is shown of each and what is compared."""
    record = masks.record(seen.granted, customer.record)
    scope = seen.granted.scope(seen.connection, customer.record)
    wanted = RecordQuery(scope, list(not_hidden(record, ())))
    for rows in record_query.every(seen.connection, record, wanted, seen.as_of, PAGE):
        yield from ((_shown(row), _traits(row)) for row in rows)


def _traits(row: Row) -> Traits:
    phone = row.get("phone")
    return Traits(row["name"], (phone,) if phone else (), tax_id=row.get("tax_id"))


def _shown(row: Row) -> Row:
    return {name: row[name] for name in SHOWN if name in row}


def _pair(pair: Pair) -> dict[str, Any]:
    return {
        "likeness_bp": pair.how.likeness_bp,
        "by": pair.how.by,
        "customers": list(pair.rows),
    }
