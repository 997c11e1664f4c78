"""A record: the state of each thing of one kind, and every state before it, on both clocks.

Each event of a thing adds a version: the state that it led to. As of position `p` the state is
the version with `position <= p < ended`. As of an instant `t` as well, it is, of the versions up
to `p` that had happened by `t`, the one that happened last, and of these the one known last. An
event told late therefore adds a version of its own instant, and once more each state that had
happened after it, folded upon what is known now.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any, ClassVar, Generic, get_type_hints

from sqlalchemy import Connection, Select, Table, delete, select

from aggregates import Aggregate
from infra.events import Recorded
from projections.engine import (
    DecodedEvent,
    Failed,
    name_order,
    search,
    searchable,
    version_table,
    words,
)
from projections.engine.record_fields import Field, R, declared
from projections.engine.record_writing import Slice, Writing
from projections.engine.version_table import FOUND_BY, OWN, STILL


@dataclass(frozen=True)
class Record(Generic[R]):
    """`shape` is a NamedTuple: its fields are the columns, its defaults the blank record.

    `fold` is pure and answers the row after an event. It knows the events of one stream alone;
    what it raises parks the stream. In a `sparse` record an event that changes no field makes no
    version: of what moves all day, it keeps what stays.
    """

    name: str
    kind: type[Aggregate]
    shape: type[R]
    fold: Callable[[R, Recorded, Any], R]
    sparse: bool = False
    scope: Mapping[str, str] | None = None
    """The fields that have the dimensions by which a scope reaches it, or `id`."""
    about: str | None = None
    """The field that has the kind of the thing it tells of: who may not see that sees none of it.
    """
    seen_with: str | None = None
    """The field that names a customer: who may see that today sees it, whatever its scope was."""
    hidden: frozenset[str] = frozenset()
    """Fields that its reader may not see: to him there are none of that name."""
    hidden_within: frozenset[str] = frozenset()
    """The same of what is within its lists."""
    ordered: ClassVar[bool] = True

    @cached_property
    def kinds(self) -> frozenset[str]:
        return frozenset({self.kind.kind})

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        hints = get_type_hints(self.shape, include_extras=True)
        shown = {name: hint for name, hint in hints.items() if name not in self.hidden}
        found = {name: declared(name, hint) for name, hint in shown.items()}
        if taken := found.keys() & {*OWN, FOUND_BY, *map(name_order.column_of, found)}:
            raise TypeError(f"{self.name}: {taken} are columns of every record")
        return found

    @cached_property
    def searched(self) -> Sequence[int]:
        """Where a row has the texts that are looked through."""
        return [n for n, one in enumerate(self.fields.values()) if one.mark.searched]

    def texts(self, id: str, row: Any) -> Sequence[str | None]:
        return id, *(row[place] for place in self.searched)

    @cached_property
    def by_reading(self) -> Mapping[str, int]:
        """The fields that are sorted by how they are read, and where a row has them."""
        every = enumerate(self.fields.items())
        return {name: place for place, (name, one) in every if one.mark.by_reading}

    @cached_property
    def derived(self) -> tuple[str, ...]:
        """The columns that follow from the fields of a version."""
        return FOUND_BY, *map(name_order.column_of, self.by_reading)

    def readings(self, row: Any) -> list[str]:
        return [name_order.reading(row[place]) for place in self.by_reading.values()]

    def derive(self, id: str, row: Any) -> dict[str, str]:
        """The derived columns of a version."""
        found_by = words.found_by(self.texts(id, row))
        return dict(zip(self.derived, [found_by, *self.readings(row)], strict=True))

    @cached_property
    def title(self) -> str | None:
        """The field that people call the thing by."""
        return next((name for name in ("name", "title") if name in self.fields), None)

    @cached_property
    def columns(self) -> Mapping[str, type]:
        """What can be filtered and sorted by, with its type."""
        plain = {name: one.type for name, one in self.fields.items() if not one.nested}
        return {"id": str, **plain, "version": int}

    @cache  # noqa: B019 - there is one record of each kind, and there are few classes of fields
    def hiding(self, names: frozenset[str], within: frozenset[str]) -> "Record[R]":
        """The same for a reader who may not see some fields, and some within its lists."""
        return replace(self, hidden=names, hidden_within=within) if names or within else self

    @property
    def searchable(self) -> bool:
        """Whether nothing is hidden that a search looks through."""
        hints = get_type_hints(self.shape, include_extras=True)
        return not any(declared(name, hints[name]).mark.searched for name in self.hidden)

    def __hash__(self) -> int:
        return hash(self.name)

    def versions(self, generation: int) -> Table:
        return version_table.versions(self, generation)

    def every_table(self, generation: int) -> tuple[Table, Table]:
        """The versions, and the index of their search."""
        return self.versions(generation), search.grams(self.name, generation)

    def complete(self, connection: Connection, generation: int) -> None:
        searchable.complete(self, connection, generation)

    def upkeep(self, *_: object) -> bool:
        return False

    def replayed(self, *_: object) -> None:
        """A version is never summed up."""

    def forget(self, connection: Connection, generation: int, log: str, stream: str) -> None:
        table, grams = self.every_table(generation)
        mine = table.c.log == log, table.c.stream == stream
        now = connection.execute(select(table.c.found_by).where(*mine, table.c.ended == STILL))
        gone = [search.Changed(log, stream, text, "") for text in now.scalars()]
        search.update(connection, grams, gone)
        connection.execute(delete(table).where(*mine))

    def shown(self, generation: int) -> Select[Any]:
        """Without what follows from the rest, and from how names are read by this build."""
        table = self.versions(generation)
        told = [column for column in table.c if column.name not in self.derived]
        return select(*told).where(table.c.ended == STILL)

    def apply(
        self, connection: Connection, generation: int, batch: Sequence[DecodedEvent]
    ) -> list[Failed]:
        return Writing(self, connection, *self.every_table(generation)).apply(batch)

    def build(
        self, connection: Connection, generation: int, batch: Sequence[DecodedEvent]
    ) -> list[Failed]:
        """As `apply`, of streams of which the generation has nothing yet, each with all it has."""
        return Writing(self, connection, *self.every_table(generation)).build(batch)

    def after(self, slices: Sequence[Slice], recorded: Recorded, event: Any) -> list[Slice]:
        """The slices that an event makes or changes, the last one last."""
        at = recorded.occurred_at
        if not slices or at >= slices[-1].since:
            row = slices[-1].row if slices else self.shape()
            return [Slice(at, self.fold(row, recorded, event))]
        before = [one.row for one in slices if one.since <= at]
        made = [Slice(at, self.fold(before[-1] if before else self.shape(), recorded, event))]
        later = (one for one in slices if one.since > at)
        return made + [Slice(one.since, self.fold(one.row, recorded, event)) for one in later]
