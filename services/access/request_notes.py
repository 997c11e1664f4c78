"""What one request is noted with in the log of access: whose personal fields it has shown."""

from collections import Counter
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from functools import cache
from typing import Any, NamedTuple

from infra.access_log import AccessLog
from infra.folding import MOST_NAMED
from projections.engine.record import Record


class RequestOrigin(NamedTuple):
    """Who asks for what."""

    actor: str
    address: str | None
    path: str
    query: str


class RequestNotes:
    """Gathers what is shown, and keeps it as one note at the end of the request."""

    def __init__(self, log: AccessLog, asked: RequestOrigin) -> None:
        self.log, self.asked = log, asked
        self._count = Counter[str]()
        self._streams: dict[str, None] = {}
        self._facets: dict[str, None] = {}

    def facet(self, kind: str, field: str, values: int) -> None:
        """So many values of a personal field are shown, whosever they are."""
        self._count[kind] += values
        self._facets[field] = None

    def persons(self, streams: Iterable[str]) -> None:
        """Personal fields of these things are shown."""
        for stream in streams:
            if stream not in self._streams:
                self._count[stream.partition("-")[0]] += 1
                if len(self._streams) <= MOST_NAMED:
                    self._streams[stream] = None

    def note(self, kind: str, detail: Mapping[str, Any]) -> None:
        asked = self.asked
        self.log.note(kind, asked.actor, detail, address=asked.address)

    def close(self) -> None:
        """Beyond `MOST_NAMED` things, their number stands for them."""
        if not self._count:
            return
        count, about, facets = dict(self._count), tuple(self._streams), [*self._facets]
        for each in (self._count, self._streams, self._facets):
            each.clear()
        detail = {"path": self.asked.path, "query": self.asked.query, "count": count}
        if facets:
            detail["facets"] = facets
        if len(about) > MOST_NAMED:
            about = ()
        same = "personal-read", *self.asked, about or str(count)
        asked = self.asked
        self.log.note(
            "personal-read",
            asked.actor,
            detail,
            about=about,
            address=asked.address,
            folded_by=same,
        )


NOTES: ContextVar[RequestNotes | None] = ContextVar("notes", default=None)
"""Of the request that is answered; none where nobody's request is."""


def persons(streams: Iterable[str]) -> None:
    """Personal fields of these things are shown to whoever asks."""
    notes = NOTES.get()
    if notes is not None:
        notes.persons(streams)


@cache
def personal(record: Record[Any]) -> frozenset[str]:
    """The fields of a record, as its reader may see it, that tell of persons."""
    return frozenset(name for name, one in record.fields.items() if one.mark.personal)


def facets(record: Record[Any], found: Mapping[str, Any]) -> None:
    """Facets of a record are shown: of a personal field, values that tell of persons."""
    notes = NOTES.get()
    for name in personal(record) & found.keys():
        values = sum(one["value"] is not None for one in found[name]["values"])
        if notes is not None and values:
            notes.facet(record.kind.kind, name, values)


def rows(
    record: Record[Any], found: Iterable[Mapping[str, Any]], fields: Iterable[str] = ()
) -> None:
    """Rows of a record are shown, with those fields or with all."""
    shown = personal(record).intersection(fields or record.fields)
    if shown:
        stream = record.kind.stream
        persons(stream(row["id"]) for row in found if any(row[name] for name in shown))
