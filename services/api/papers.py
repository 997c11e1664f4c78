"""Quotations as PDF, for their customers: each is an export, with a manifest and a note."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from enum import Enum
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Query, Request, Response
from pydantic import Field

from aggregates.calendar import business_day, format_instant
from aggregates.organisation.letterhead import Letterhead
from aggregates.pricing.quotation_terms import QuotationTerms
from commands.fields import Digits
from infra.clock import instant
from projections.catalog.product import record as products
from projections.engine import record_by_id, record_history
from projections.engine.reading import AsOf
from projections.engine.record import Record
from projections.pricing.quotation import record as quotations
from services.access import masks, request_notes
from services.access.actions import reading
from services.api import schemas
from services.api.asking import Fresh, Instant, Moment, ReadQuery
from services.api.asking_records import unknown
from services.api.expanding import TITLED, named
from services.api.exports import HOW, Exports
from services.api.freshness import ReadContext, moment
from services.api.guards import needs
from services.api.problem_kinds import language
from services.api.records import Id, check_reached
from services.bootstrap import Platform
from services.exports.columns import Column, Row
from services.exports.export import ExportRequest
from services.exports.formats import Format, Sheet, Sink, Writer
from services.papers.quotation import Quoted, paper
from services.settings_shown import in_force

MEDIA_TYPE = "application/pdf"
FOUND: dict[int | str, dict[str, Any]] = {
    200: {"content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}}
}
NAMES = {"customer": "customer", "rep": "rep", "item": "product", "unit": "unit"}
"""What is called by its name on the paper."""
COLUMNS = (
    Column("line", "whole"),
    Column("item"),
    Column("quantity", "whole"),
    Column("amount", "money", currency="currency"),
)
"""What the manifest counts and adds up."""


class PaperAsked(Fresh):
    """Which state of it, and in which language."""

    as_of: Moment | None = Field(
        None,
        description="As it stood at a position of the log, or at an RFC 3339 instant with offset."
        " A business day stands for its end.",
    )
    known_at: Instant | None = Field(None, description="By what was recorded by this instant.")
    version: Annotated[int, Field(ge=1, le=2**62), Digits] | None = Field(
        None, description="As it stood at this version of it."
    )
    revision: Annotated[int, Field(ge=1, le=2**62), Digits] | None = Field(
        None, description="This revision of what is offered; else the newest."
    )
    language: Literal["en", "zh", "zh-CN"] | None = Field(
        None, description="Of the paper; else that of Accept-Language."
    )

    @property
    def reading(self) -> ReadQuery:
        told = {"as_of": self.as_of, "known_at": self.known_at}
        return ReadQuery(min_position=self.min_position, wait=self.wait, **told)

    @property
    def of_past(self) -> bool:
        return (self.as_of, self.known_at, self.version) != (None, None, None)

    def spoken(self, request: Request) -> str:
        return language(self.language or request.headers.get("accept-language"))


class QuotationPrint:
    """One paper: its lines are the rows of the export, and it is drawn when all are there."""

    def __init__(self, platform: Platform, id: str, asked: PaperAsked, spoken: str) -> None:
        self.platform, self.id, self.asked, self.spoken = platform, id, asked, spoken
        self.quoted: Quoted | None = None

    @property
    def format(self) -> Format:
        return Format("pdf", MEDIA_TYPE, self._opened)

    def pages(self, seen: ReadContext) -> Iterator[Sequence[Row]]:
        check_reached(seen, quotations, self.id)
        record = masks.record(seen.granted, quotations)
        as_of = self._as_of(seen)
        seen = replace(seen, as_of=as_of, states=as_of)
        row = record_by_id.one(seen.connection, record, self.id, as_of)
        if row is None:
            raise unknown(record, self.id)
        request_notes.rows(record, [row])
        self.quoted = self._quoted(seen, row)
        currency = {"currency": row["currency"]}
        yield [{**line, **currency} for line in self.quoted.revision["lines"]]

    def _as_of(self, seen: ReadContext) -> AsOf:
        if (version := self.asked.version) is None:
            return seen.as_of
        place = record_history.position_of(seen.connection, quotations, self.id, version)
        if place is None or place > moment(seen):
            raise unknown(quotations, f"{self.id}, version {version},")
        return AsOf(place)

    def _quoted(self, seen: ReadContext, row: Row) -> Quoted:
        number = self.asked.revision or row["revision"]
        revision = next((one for one in row["revisions"] if one["revision"] == number), None)
        if revision is None:
            raise unknown(quotations, f"{self.id}, revision {number},")
        position, at = moment(seen), self._at(seen)
        newest, since = number == row["revision"], row["sent_at"] or row["drafted_at"]
        known = self._products(seen, revision["lines"])
        packs = [one["packed"] for one in revision["lines"] if one.get("packed")]
        names = named(seen, [row, *revision["lines"], *packs, *known.values()], NAMES)
        called = names.get("unit", {})
        return Quoted(
            row=row,
            revision=revision,
            day=business_day(datetime.fromisoformat(since)).isoformat() if newest else None,
            names=names,
            units={item: called.get(one["unit"]) or one["unit"] for item, one in known.items()},
            letterhead=in_force(self.platform, seen.connection, Letterhead, position, at),
            terms=in_force(self.platform, seen.connection, QuotationTerms, position, at),
            as_of=format_instant(instant(at)) if self.asked.of_past else None,
            made_at=at,
        )

    def _at(self, seen: ReadContext) -> int:
        """The instant of the moment that is read, which depends on no clock."""
        if seen.as_of.occurred_at is not None:
            return seen.as_of.occurred_at
        last = self.platform.store.at(seen.connection, [moment(seen)])
        return last[0].recorded_at if last else 0

    def _products(self, seen: ReadContext, lines: Iterable[Mapping[str, Any]]) -> dict[str, Row]:
        """What is known of the products of the lines, as far as the reader may see them."""
        scope, items = seen.granted.scope(seen.connection, products), {one["item"] for one in lines}
        reached = record_by_id.reached(seen.connection, products, sorted(items), scope)
        found = dict[str, Row]()
        for item in sorted(reached):
            one = record_by_id.one(seen.connection, products, item, seen.as_of)
            if one is not None:
                found[item] = one
        return found

    @contextmanager
    def _opened(self, sink: Sink, _: Sheet) -> Iterator[Writer]:
        yield _Drawing(self, sink)


class _Drawing:
    def __init__(self, made: QuotationPrint, sink: Sink) -> None:
        self.made, self.sink = made, sink

    def rows(self, rows: Sequence[Row]) -> None:
        """They are drawn together, at the end."""

    def end(self, _: Mapping[str, Any]) -> None:
        from services.papers.pdf import drawn  # here: most processes never draw one

        assert self.made.quoted is not None, "a paper is drawn once its lines were read"
        self.sink.write(drawn(paper(self.made.quoted, self.made.spoken)))


def add(app: FastAPI, platform: Platform, exports: Exports) -> None:
    beside: list[Record[Any]] = [TITLED[kind] for kind in NAMES.values()]

    async def quotation_pdf(
        request: Request, id: Id, asked: Annotated[PaperAsked, Query()]
    ) -> Response:
        """A quotation as PDF for its customer: what is offered, and never what it costs us.

        What is a draft, has expired or was superseded says so across each page.
        """
        made = QuotationPrint(platform, id, asked, asked.spoken(request))
        parameters = {
            name: str(value)
            for name, value in asked.model_dump(exclude_unset=True, exclude=set(HOW)).items()
        }
        wanted = ExportRequest(
            request.url.path, parameters, request.scope["actor"], made.format, made.spoken
        )
        return await exports.answer(
            request, wanted, quotations, asked.reading, COLUMNS, made.pages, beside=beside
        )

    app.add_api_route(
        "/quotations/{id}/pdf",
        quotation_pdf,
        tags=list[str | Enum](["records"]),
        dependencies=[needs(reading("quotation"))],
        response_class=Response,
        responses={**FOUND, **schemas.problems(400, 401, 404, 409, 422, 503)},
        operation_id="quotation_pdf",
    )
