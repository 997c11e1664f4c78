"""What names a thing: the index of mentions as far as it is, and the log beyond it.

Asked under the lock of the log's head, the answer is exact.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from aggregates import Aggregate, DateFlagged, Refused
from aggregates.mentions import Mention, mentioned_as, mentions
from infra.codec import Codec
from infra.events import Entry, Head, Recorded
from infra.store import Store
from projections.engine import generations, progress
from projections.engine import mentions as index
from projections.engine.mentions import Mentions
from projections.engine.reading import NOW

MOST_BEHIND = 10_000
"""Events beyond the index that are looked through."""
PAGE = 200
"""Mentions that are read at once, the latest first."""
LAST = 2**62


class IndexBehind(Refused):
    """What names a thing is known once the index has come near the end of the log."""


@dataclass
class Naming:
    """What names things upon one head."""

    connection: Connection
    store: Store
    codec: Codec
    view: Mentions
    head: Head
    beyond: dict[Mention, set[str]] | None = None
    """The streams that mention a thing in the log, beyond the index."""
    staged: dict[Mention, set[str]] = field(default_factory=dict)
    """The same of what is about to be written."""
    entries: Sequence[Entry] = ()
    taken: int = 0
    """So many entries are among them."""

    def __call__(self, kind: str, id: str, entries: Sequence[Entry]) -> Iterator[str]:
        if self.beyond is None:
            self.beyond = self._beyond()
        self._stage(entries)
        ways, seen = mentioned_as(kind, id), {f"{kind}-{id}"}
        for found in (self.staged, self.beyond):
            for way in ways:
                for stream in sorted(found.get(way, set()) - seen):
                    seen.add(stream)
                    yield stream
        for stream in self._indexed(ways):
            if stream not in seen:
                seen.add(stream)
                yield stream

    def _beyond(self) -> dict[Mention, set[str]]:
        number = generations.generation(self.connection, self.view.name)
        if parked := progress.parked_streams(self.connection, self.view.name, number):
            raise _incomplete(min(parked))
        after = progress.complete(self.connection, self.view, number, self.store.log)
        if (behind := self.head.position - after) > MOST_BEHIND:
            raise _behind(after, self.head.position, behind)
        found: dict[Mention, set[str]] = {}
        for one in self.store.read(self.connection, after, MOST_BEHIND, self.head.position):
            self._mentioned(found, one)
        return found

    def _stage(self, entries: Sequence[Entry]) -> None:
        """What was decided since the last look; a batch that begins anew has other entries."""
        if entries is not self.entries:
            self.entries, self.taken, self.staged = entries, 0, {}
        for one in entries[self.taken :]:
            self._mentioned(self.staged, one)
        self.taken = len(entries)

    def _mentioned(self, found: dict[Mention, set[str]], one: Recorded | Entry) -> None:
        event = self.codec.decode(one.type, one.schema, one.data)
        if type(event) is not DateFlagged:
            kind, _, name = one.stream.partition("-")
            for mention in mentions(Aggregate.kinds[kind], name, event):
                found.setdefault(mention, set()).add(one.stream)

    def _indexed(self, ways: Sequence[Mention]) -> Iterator[str]:
        before = LAST
        while True:
            what = self.view, ways, self.store.log, NOW, before, PAGE
            positions = index.positions(self.connection, *what)
            for event in self.store.at(self.connection, positions):
                yield event.stream
            if len(positions) < PAGE:
                return
            before = positions[-1]


def _incomplete(stream: str) -> IndexBehind:
    return IndexBehind(
        f"The index of what names what lacks events of {stream}, which are parked. Retry them"
        " first: distributary parked.",
        f"引用索引缺少 {stream} 已搁置的事件。请先重试：distributary parked。",
    )


def _behind(position: int, head: int, behind: int) -> IndexBehind:
    return IndexBehind(
        f"The index of what names what is {behind} events behind: at {position} of {head}. Ask"
        " again when it has caught up.",
        f"引用索引落后 {behind} 个事件：位于 {position}，共 {head}。请在其赶上后重试。",
    )
