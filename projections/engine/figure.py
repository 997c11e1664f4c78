"""A figure declared once: its address, parameters, pages, files, reasons and labels follow."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple

from sqlalchemy import Connection

from projections.engine import View, reading
from projections.engine.attributes import NO_ATTRIBUTES, Attributes
from projections.engine.reading import ALL_DAYS, NOW, SCOPE, AsOf, Days, Filters
from projections.engine.record import Record
from projections.engine.why import Within

FigureRow = dict[str, Any]
NONE: Mapping[str, Any] = {}


class TextFormat(NamedTuple):
    """What a text of a row holds, as a JSON Schema calls it."""

    name: str


Instant = Annotated[str, TextFormat("date-time")]
Day = Annotated[str, TextFormat("date")]


class FigureQuery(NamedTuple):
    """What is asked of a figure: its rows of one moment after a place, so many."""

    connection: Connection
    as_of: AsOf = NOW
    today: int = 0
    filters: Filters = NONE
    days: Days = ALL_DAYS
    attributes: Attributes = NO_ATTRIBUTES
    by: Sequence[str] = ()
    more: Mapping[str, Any] = NONE
    """The figure's own parameters."""
    stages: Callable[[str], Sequence[str]] = lambda _: ()
    """The stages of a pipeline, in their order."""
    records: Mapping[str, Record[Any]] = NONE
    """Those that the figure is read beside, by name."""
    states: AsOf = NOW
    """The moment of these."""
    after: Sequence[Any] = ()
    limit: int = 500

    @property
    def which(self) -> dict[str, Any]:
        """The rows that are asked for, as readers of all figures are told."""
        page = {"after": self.after, "limit": self.limit}
        return {"filters": self.filters, "as_of": self.as_of, **page}

    @property
    def named(self) -> dict[str, Any]:
        """The same, with the attributes that they are of."""
        return {**self.which, "attributes": self.attributes}

    @property
    def scope(self) -> Filters:
        """What may be seen at all, whatever is asked for."""
        return {name: one for name, one in self.filters.items() if name == SCOPE}


def share_bp(part: int, whole: int | None) -> int | None:
    """In basis points; of nothing there is no share."""
    return part * 10_000 // whole if whole else None


class FigureRows(NamedTuple):
    """Rows, and what else the answer says of all of them, whatever the page."""

    rows: Sequence[FigureRow]
    also: Mapping[str, Sequence[FigureRow]] = NONE


@dataclass(frozen=True)
class Figure:
    """Rows told apart by their `key`, each with the sums of a view's measures.

    Where nothing else is said, the rows are read by `plain`: any dimensions may be named in `by`,
    in place of the key. A figure with a `read` of its own declares its `row`, a NamedTuple; a text
    in the `Annotated` of a field describes it. `parameters` is a NamedTuple of what is asked
    besides filters, each with its default, `by` the dimensions that tell rows apart besides the
    key, or with `in_place` instead of it. With `attributes` a dimension that names a thing may be
    followed by a field of its record, as in `item.category`. `joins` says that one condition may be
    of several columns. `also` are lists of the answer
    besides its rows. `behind` says in place of the filters which rows of the ledger are behind it;
    `whole` that a file reads all rows at once, `beside` the records that it reads besides the view.
    Where `subject` names a dimension, the figure is
    the `board` that ranks it by one of `ranked`.
    """

    name: str
    address: str
    view: View
    about: str
    key: tuple[str, ...]
    row: type[Any] | None = None
    read: Callable[[FigureQuery], FigureRows | Sequence[FigureRow]] | None = None
    by: tuple[str, ...] = ()
    filters: tuple[str, ...] | None = None
    parameters: type[Any] | None = None
    days: bool = False
    also: Mapping[str, type[Any]] | None = None
    behind: Callable[[FigureQuery], Within | None] | None = None
    about_why: str = "The events behind the figure; their changes sum to it."
    whole: bool = False
    in_place: bool = False
    attributes: bool = False
    joins: bool = True
    beside: tuple[str, ...] = ()
    board: str = ""
    subject: str = ""
    ranked: tuple[str, ...] = ()

    def __hash__(self) -> int:
        return hash(self.name)

    @property
    def filtered(self) -> tuple[str, ...]:
        return self.view.dimensions if self.filters is None else self.filters

    @property
    def grouped(self) -> tuple[str, ...]:
        """What `by` may name."""
        return self.view.dimensions if self.read is None else self.by

    def shown(self, by: Sequence[str]) -> tuple[str, ...]:
        """The dimensions of a row, in the order of the rows."""
        return (tuple(by) or self.key) if self.replaces else (*self.key, *by)

    @property
    def replaces(self) -> bool:
        """Whether `by` stands in place of the key."""
        return self.in_place or self.read is None

    @property
    def follows(self) -> bool:
        """Whether fields of records may be named."""
        return self.attributes or self.read is None

    def replaced(self, by: Sequence[str]) -> tuple[str, ...]:
        """What a row does not have, where `by` stands in its place."""
        return tuple(n for n in self.key if by and self.replaces and n not in by)

    def rows(self, asked: FigureQuery) -> FigureRows:
        found = plain(self, asked) if self.read is None else self.read(asked)
        return found if isinstance(found, FigureRows) else FigureRows(found)


def plain(figure: Figure, asked: FigureQuery) -> list[FigureRow]:
    """The measures of a view, summed by some of its dimensions."""
    group = figure.shown(asked.by)
    view = figure.view
    table = asked.attributes.shown(asked.connection, view, asked.as_of, asked.days)
    where = reading.conditions(table, asked.filters)
    query = reading.sums(table, group, view.measures, where)
    return reading.page(asked.connection, query, group, asked.after, asked.limit)
