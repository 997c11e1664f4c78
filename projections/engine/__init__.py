"""What can be read: every figure is a sum over the rows of a ledger, so it can be explained."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any, ClassVar, NamedTuple, Protocol, TypeVar

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    FromClause,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Select,
    Table,
    Text,
    or_,
    select,
)

from aggregates import DateFlagged, calendar
from aggregates.calendar import DAY as DAY
from aggregates.calendar import day_of as day_of
from infra import bulk
from infra.clock import instant, micros
from infra.events import EventSlice, Recorded

T = TypeVar("T")
BY_SCOPE = "_by_scope"
"""Follows the name of a view in that of its rollups by scope."""
SPANS = "_spans"
"""Follows the name of a view in that of its spans."""
PLACE = ("log", "position", "line", "stream", "type", "occurred_at", "recorded_at", "day")

EventHeader = Recorded | EventSlice
"""What a rule may know of an event besides its content: all that both of them have."""
Change = tuple[Any, ...]
"""A NamedTuple of the view: its dimensions, then its measures."""


class DecodedEvent(NamedTuple):
    """An event as a view hears it; in place of one that cannot be decoded stands the error."""

    log: str
    recorded: Recorded
    event: Any


Failed = tuple[DecodedEvent, Exception]
"""An event that a view could not take, and why."""


def each(
    batch: Iterable[DecodedEvent], rule: Callable[[DecodedEvent], T], failed: list[Failed]
) -> Iterator[tuple[DecodedEvent, T]]:
    """What a rule makes of each event. A stream's first failure stops the stream, not the batch:
    it is put among the `failed`, and so is what follows it in that stream, in order.
    """
    stopped: dict[str, Exception] = {}
    for heard in batch:
        stream = heard.recorded.stream
        try:
            made = _made(heard, rule, stopped.get(stream))
        except Exception as error:  # noqa: BLE001 - the poison is parked, the others flow
            stopped[stream] = error
            failed.append((heard, error))
        else:
            yield heard, made


def _made(heard: DecodedEvent, rule: Callable[[DecodedEvent], T], stopped: Exception | None) -> T:
    if stopped is not None:
        raise stopped
    if isinstance(heard.event, Exception):
        raise heard.event
    return rule(heard)


class Projection(Protocol):
    """What the engine asks of a read model, be it a view of figures or a record of states.

    `ordered` says whether an event must come after all earlier ones of its stream. The columns in
    `derived` follow from the others, and are added to tables of an older build in their place.
    """

    @property
    def name(self) -> str: ...

    @property
    def kinds(self) -> frozenset[str]: ...

    @property
    def ordered(self) -> bool: ...

    @property
    def derived(self) -> Sequence[str]: ...

    def every_table(self, generation: int) -> Sequence[Table]:
        """All that a generation is made of; the first has the log and position of each event."""
        ...

    def complete(self, connection: Connection, generation: int) -> None:
        """Add what tables that an older build made lack."""
        ...

    def apply(
        self, connection: Connection, generation: int, batch: Sequence[DecodedEvent]
    ) -> list[Failed]:
        """Write what a batch of events changed; answers the events that could not be read.

        A stream's first failure stops the stream, not the batch: what follows it in that stream
        is answered too, in order.
        """
        ...

    def upkeep(self, connection: Connection, generation: int, log: str) -> bool:
        """Take one step that makes later reads cheap; answers whether one was due."""
        ...

    def replayed(
        self, connection: Connection, generation: int, log: str, positions: set[int]
    ) -> None:
        """Set right what upkeep had made before these events came in."""
        ...

    def forget(self, connection: Connection, generation: int, log: str, stream: str) -> None:
        """Remove a stream, which is about to be applied anew from its beginning."""
        ...

    def shown(self, generation: int) -> Select[Any]:
        """What two generations must agree on."""
        ...


class Tables(NamedTuple):
    """One generation of a view: the ledger, the sums over it, and those by block and day."""

    ledger: Table
    totals: Table
    rollups: Table


class Lasting(NamedTuple):
    """Which rows of a view's ledger say that their stream begins to last, which that it ends, and
    which that it did not end after all.

    Each begins once, before it ends. Functions of a module, since a view is handed to other
    processes.
    """

    begins: Callable[[FromClause], ColumnElement[bool]]
    ends: Callable[[FromClause], ColumnElement[bool]]
    goes_on: Callable[[FromClause], ColumnElement[bool]]


def day_start(day: int) -> int:
    """The first instant of a business day, in microseconds."""
    return micros(calendar.day_start(instant(day * DAY).date()))


@dataclass(frozen=True)
class View:
    """One question, answered by figures that add up.

    `change` is a NamedTuple class whose fields are the dimensions, then the `measures` (whole
    numbers). `rows` says what an event changes: one ledger row each. A row counts in one total,
    that of its own dimensions; in a view with `boards`, each a name and the dimension that it
    ranks, it counts on every board that it names a subject of, under the board, the subject and
    the dimensions in `ranked_by`. `indexes` are the dimensions that a question most often names.
    Of `scoped_by` there are rollups besides, for whoever sees only some of a board's rows.
    """

    name: str
    kinds: frozenset[str]
    change: type[Any]
    measures: tuple[str, ...]
    rows: Callable[[EventHeader, Any], Iterable[Change]]
    indexes: tuple[tuple[str, ...], ...] = ()
    boards: tuple[tuple[str, str], ...] = ()
    ranked_by: tuple[str, ...] = ()
    scope: Mapping[str, str] | None = None
    """The dimensions by which a scope reaches its rows, as they are stamped on each."""
    seen_with: str | None = None
    """The dimension that names a customer: who may see that today sees its rows, whoever they
    were stamped with.
    """
    scoped_by: tuple[str, ...] = ()
    lasts: Lasting | None = None
    """Of a view that is asked for the streams that last: when they do."""
    base: "View | None" = None
    """The view whose ledger is rolled up, where these are its rollups by scope."""
    ordered: ClassVar[bool] = False
    derived: ClassVar[Sequence[str]] = ()

    @cached_property
    def dimensions(self) -> tuple[str, ...]:
        return tuple(name for name in self.change._fields if name not in self.measures)

    @cached_property
    def key(self) -> tuple[str, ...]:
        """The columns that tell one total from another."""
        if not self.boards:
            return self.dimensions
        scope = self.scoped_by if self.base else ()
        return ("board", *scope, "subject", *self.ranked_by)

    def keys(self, change: Change) -> Iterable[tuple[Any, ...]]:
        """The totals that a change counts in."""
        if not self.boards:
            return (change[: len(self.dimensions)],)
        places, under = self._places
        rest = [change[place] for place in under]
        if self.base is None:
            return [(board, change[place], *rest) for board, place in places if change[place]]
        scope = [change[place] for place in self._scope_places]
        if not any(scope):
            return ()
        return [(board, *scope, change[place], *rest) for board, place in places if change[place]]

    @cached_property
    def by_scope(self) -> "View | None":
        """Its rollups by the dimensions of scopes: of no rows that have none of these."""
        if not self.scoped_by or self.base is not None:
            return None
        return replace(self, name=f"{self.name}{BY_SCOPE}", base=self, lasts=None)

    @property
    def source(self) -> "View":
        """The view that has the ledger, the positions and the generations."""
        return self.base or self

    @cached_property
    def _places(self) -> tuple[list[tuple[str, int]], list[int]]:
        """Where a change has what the boards rank, and by what."""
        fields = self.change._fields
        ranked = [(board, fields.index(name)) for board, name in self.boards]
        return ranked, [fields.index(name) for name in self.ranked_by]

    @cached_property
    def _scope_places(self) -> list[int]:
        return [self.change._fields.index(name) for name in self.scoped_by]

    def changes(self, told: EventHeader, event: Any) -> Iterable[Change]:
        """What an event changes, by `rows`; the flag on a date changes nothing."""
        return () if type(event) is DateFlagged else self.rows(told, event)

    def tables(self, generation: int) -> Tables:
        return _tables(self, generation)

    def cumulative(self, generation: int) -> Table:
        """All that stands in the blocks before one, by the totals' key."""
        return _cumulative(self, generation)

    def __hash__(self) -> int:
        return hash(self.name)

    def every_table(self, generation: int) -> Sequence[Table]:
        from projections.engine import spans  # here: they are about views

        own = [*self.tables(generation), self.cumulative(generation)]
        if self.lasts is not None:
            own.append(spans.table(self, generation))
        scoped = self.by_scope
        if scoped is None:
            return own
        return *own, scoped.tables(generation).rollups, scoped.cumulative(generation)

    def complete(self, *_: object) -> None:
        """Its tables are as the first build made them."""

    def upkeep(self, connection: Connection, generation: int, log: str) -> bool:
        """Take a rollup that is due, extend the cumulative ones, or take spans."""
        from projections.engine import cumulative, rollups, spans  # here: they are about views

        block = rollups.next_block(connection, self, generation, log)
        if block is not None:
            rollups.roll_up(connection, self, generation, log, block)
            return True
        if cumulative.extend(connection, self, generation, log):
            return True
        if self.lasts is not None and spans.extend(connection, self, generation, log):
            return True
        scoped = self.by_scope
        return scoped is not None and scoped.upkeep(connection, generation, log)

    def replayed(
        self, connection: Connection, generation: int, log: str, positions: set[int]
    ) -> None:
        from projections.engine import rollups, spans  # here: they are about views

        rollups.recompute(connection, self, generation, log, positions)
        if self.lasts is not None:
            spans.complement(connection, self, generation, log, positions)
        if self.by_scope is not None:
            rollups.recompute(connection, self.by_scope, generation, log, positions)

    def forget(self, connection: Connection, generation: int, log: str, stream: str) -> None:
        raise NotImplementedError("figures add up in any order: nothing is applied anew")

    def shown(self, generation: int) -> Select[Any]:
        totals = self.tables(generation).totals
        return select(totals).where(or_(*(totals.c[name] != 0 for name in self.measures)))

    def apply(
        self, connection: Connection, generation: int, batch: Sequence[DecodedEvent]
    ) -> list[Failed]:
        tables = self.tables(generation)
        ledger: list[tuple[Any, ...]] = []
        totals: dict[tuple[Any, ...], list[int]] = {}
        failed: list[Failed] = []
        for heard, changes in each(batch, self._changes, failed):
            self._enter(heard, changes, ledger, totals)
        bulk.insert(connection, tables.ledger, ledger)
        rows = [(*key, *totals[key]) for key in sorted(totals)]
        bulk.upsert(connection, tables.totals, rows, frozenset(self.measures))
        return failed

    def _changes(self, heard: DecodedEvent) -> list[Change]:
        return list(self.changes(heard.recorded, heard.event))

    def _enter(
        self,
        heard: DecodedEvent,
        changes: Sequence[Change],
        ledger: list[tuple[Any, ...]],
        totals: dict[tuple[Any, ...], list[int]],
    ) -> None:
        if not changes:
            return
        log, recorded, _ = heard
        position, at = recorded.position, recorded.occurred_at
        day = day_of(at)
        place = recorded.stream, recorded.type, at, recorded.recorded_at, day
        wide = len(self.dimensions)
        for line, change in enumerate(changes):
            ledger.append((log, position, line, *place, *change))
            for key in self.keys(change):
                add(totals, key, change[wide:])


def add(
    totals: dict[tuple[Any, ...], list[int]], key: tuple[Any, ...], measures: Sequence[int]
) -> None:
    sums = totals.get(key)
    if sums is None:
        totals[key] = list(measures)
        return
    for index, value in enumerate(measures):
        sums[index] += value


@lru_cache(maxsize=256)
def _tables(view: View, generation: int) -> Tables:
    name, metadata = f"{view.name}_{generation}", MetaData()
    place: dict[str, Any] = {
        "line": Integer(),
        "day": Integer(),
        "log": Text(),
        "stream": Text(),
        "type": Text(),
    }
    always: dict[str, Any] = {"autoincrement": False, "nullable": False}
    columns = [Column(n, place.get(n, BigInteger()), **always) for n in PLACE]
    hints = view.change.__annotations__
    dimensions = [Column(n, _type(hints[n]), nullable=False) for n in view.dimensions]
    # Positions tell rows apart sooner than logs do, of which there are few.
    key = PrimaryKeyConstraint("position", "log", "line")
    rows = f"{view.source.name}_{generation}_ledger"
    ledger = Table(rows, metadata, *columns, *dimensions, *_sums(view), key)
    for number, names in enumerate((*view.indexes, ("day",))):
        wanted = [*(ledger.c[n] for n in names), ledger.c.position]
        Index(f"{name}_ledger_{number}", *wanted, postgresql_where=_named(view, ledger, names))
    totals = Table(f"{name}_totals", metadata, *_key(view), *_sums(view))
    by_day = (*_key(view), Column("day", BigInteger, primary_key=True, autoincrement=False))
    rollups = Table(f"{name}_blocks", metadata, *_block(), *by_day, *_sums(view))
    return Tables(ledger, totals, rollups)


@lru_cache(maxsize=256)
def _cumulative(view: View, generation: int) -> Table:
    name, metadata = f"{view.name}_{generation}_balances", MetaData()
    return Table(name, metadata, *_block(), *_key(view), *_sums(view))


def _block() -> list[Column[Any]]:
    return [
        Column("log", Text, primary_key=True),
        Column("block", BigInteger, primary_key=True, autoincrement=False),
    ]


def _key(view: View) -> list[Column[Any]]:
    hints = view.change.__annotations__
    kinds = {name: _type(hints.get(name, str)) for name in view.key}
    return [Column(n, t, primary_key=True, autoincrement=False) for n, t in kinds.items()]


def _named(view: View, ledger: Table, names: Sequence[str]) -> ColumnElement[bool] | None:
    """On a board's index, only the rows that name a subject: nobody looks for the others by it."""
    (first, *more), ranked = names, dict(view.boards).values()
    return ledger.c[first] != "" if first in ranked and not more else None


def _sums(view: View) -> list[Column[Any]]:
    return [Column(name, BigInteger, nullable=False) for name in view.measures]


def _type(hint: Any) -> Any:
    return Text() if hint in (str, "str") else BigInteger()
