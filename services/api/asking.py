"""What a reader may ask: filters, a moment on either clock, a page, and how fresh it must be."""

import base64
import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal

import msgspec
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
)

from aggregates.calendar import day_start
from aggregates.where import LONGEST
from commands import fields
from commands.fields import DIGITS, Day, Digits, Seconds
from infra.clock import EPOCH
from projections.engine.reading import Days
from services.api.problems import Problem, wrong
from services.lists.days import PLUS

MOST = 1_000
Position = Annotated[int, Field(ge=0, le=2**62), Digits]
Name = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]
Where = Annotated[str, Field(max_length=LONGEST, pattern=r"^[^\x00]*$")] | None
Names = Annotated[list[Name], Field(max_length=100)]
NO_NAMES: Names = []
PAGING = frozenset(
    {"limit", "cursor", "min_position", "wait", "top", "format", "header", "language", "expand"}
)


def _moment(value: Any) -> Any:
    """As of a day is as of its end."""
    told = PLUS.sub("+", value) if isinstance(value, str) else value
    day = fields.business_day(told)
    return told if day is None else day_start(day + timedelta(days=1)) - timedelta(microseconds=1)


def _place(value: Any) -> str:
    """A position is digits alone; anything else must be an instant with its offset."""
    return "position" if DIGITS.fullmatch(str(value)) else "instant"


Instant = Annotated[
    fields.Instant, BeforeValidator(_moment, json_schema_input_type=datetime | date)
]
Moment = Annotated[
    Annotated[Position, Tag("position")] | Annotated[Instant, Tag("instant")], Discriminator(_place)
]


class Fresh(BaseModel):
    """How fresh an answer must be."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    min_position: Position = Field(
        0, description="Answer only when the view has this position, which a command answered."
    )
    wait: Annotated[float, Field(ge=0, le=30, allow_inf_nan=False), Seconds] = Field(
        5, description="Seconds to wait for the position before the answer is `not-yet`."
    )


class ReadQuery(Fresh):
    """The moment, and which page."""

    as_of: Moment | None = Field(
        None,
        description="Figures as of a position of the log, or of an RFC 3339 instant with offset:"
        " what had happened in the world by then. A business day stands for its end.",
        examples=["2026-06-30T23:59:59+08:00"],
    )
    known_at: Instant | None = Field(
        None,
        description="Count only what was recorded by this instant, or by the end of this business"
        " day: what was known then.",
        examples=["2026-07-01T00:00:00Z"],
    )
    limit: Annotated[int, Field(ge=1, le=MOST), Digits] = 100
    expand: Literal["names"] | None = Field(
        None, description="With `names`, also what each id in the answer is called, as of then."
    )
    cursor: Annotated[str, Field(max_length=4_000)] | None = Field(
        None, description="From the page before; the filters must be the same."
    )
    format: Literal["json", "csv", "xlsx", "ndjson", "parquet"] | None = Field(
        None,
        description="A file of all rows, in place of a page of them; so does Accept. Its manifest"
        " is at the address in Link.",
    )
    header: Literal["labels", "names"] = Field(
        "labels", description="How a file calls its columns: for people, or for programs."
    )
    language: Literal["en", "zh-CN"] | None = Field(
        None, description="Of the labels in a file; else that of Accept-Language."
    )

    def filters(self) -> dict[str, Sequence[str]]:
        """Dimensions and the values wanted of them; several values of one mean any of them."""
        found = ((name, getattr(self, name)) for name in self.dimensions())
        return {name: values for name, values in found if values}

    @classmethod
    def dimensions(cls) -> tuple[str, ...]:
        return tuple(n for n, f in cls.model_fields.items() if f.annotation == list[Name])

    def days(self) -> Days:
        return Days()

    def imprint(self, path: str) -> str:
        return imprint(self, path)


class Compared(BaseModel):
    """Names of filters may have a suffix that compares otherwise."""

    model_config = ConfigDict(extra="allow", frozen=True)

    where: Where = Field(
        None,
        description="Conditions with `and`, `or`, `not` and brackets, besides those of the other"
        " parameters. Brackets must say what belongs together where `and` and `or` both occur.",
        examples=["(region=east and amount.gte=100) or name.contains=茶"],
    )


class PeriodQuery(ReadQuery):
    """On which business days."""

    first: Day | None = Field(None, description="First business day.")
    last: Day | None = Field(None, description="Last business day, included.")

    def days(self) -> Days:
        if self.first and self.last and self.last < self.first:
            raise reversed_days(self.first, self.last)
        return Days(_day(self.first), _day(self.last))


class Ranked(PeriodQuery, Compared):
    """From the greatest figure down."""

    @property
    def grouped(self) -> str | None:
        """The field whose values are ranked."""
        return getattr(self, "group", None)

    by: str | None = None
    limit: Annotated[int, Field(ge=1, le=500), Digits] = 10
    top: Annotated[int, Field(ge=1, le=50), Digits] | None = Field(
        None, description="So many and no more pages; in place of `limit`."
    )


class WhyQuery(ReadQuery):
    measure: str | None = Field(None, description="Only the events that changed this figure.")


class RankedWhy(WhyQuery, PeriodQuery, Compared):
    @property
    def grouped(self) -> str | None:
        return getattr(self, "group", None)

    subject: Name = Field(description="Whose figure: an id on the board, or what `group` groups.")


def reversed_days(first: date, last: date) -> Problem:
    return wrong(
        "last",
        "reversed",
        f"The last day, {last}, is before the first, {first}. Swap them.",
        f"最后一天 {last} 早于第一天 {first}。请对调。",
    )


def _day(day: date | None) -> int | None:
    return None if day is None else day.toordinal() - EPOCH.toordinal()


class Cursor(msgspec.Struct, frozen=True, array_like=True):
    """Where the next page begins; `position` pins a ranking, so that no row moves over a page.

    `today` is the business day that the days of the question were told from.
    """

    imprint: str
    after: tuple[str | int, ...]
    count: int = 0
    position: int | None = None
    today: int | None = None


def imprint(question: BaseModel, path: str) -> str:
    """Tells this question from others, whatever the page."""
    content = path, question.model_dump_json(exclude=set(PAGING))
    return hashlib.sha256(msgspec.json.encode(content)).hexdigest()[:16]


def write_cursor(cursor: Cursor) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(cursor)).decode().rstrip("=")


def read_cursor(text: str | None, imprint: str, shape: tuple[type, ...]) -> Cursor | None:
    """The cursor; raises its problem where it is of another question, or made up."""
    if text is None:
        return None
    try:
        content = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
        cursor = msgspec.json.decode(content, type=Cursor)
    except (ValueError, msgspec.MsgspecError) as error:
        raise Problem("invalid-cursor") from error
    if cursor.imprint != imprint or not _fits(cursor, shape):
        raise Problem("invalid-cursor")
    return cursor


def _fits(cursor: Cursor, shape: tuple[type, ...]) -> bool:
    numbers = [
        cursor.count,
        cursor.position or 0,
        cursor.today or 0,
        *(v for v in cursor.after if isinstance(v, int)),
    ]
    texts = (v for v in cursor.after if isinstance(v, str))
    return (
        tuple(type(value) for value in cursor.after) == shape
        and all(-(2**63) <= number < 2**63 for number in numbers)
        and not any("\0" in text for text in texts)
    )
