"""What a view leaves out is on record: which events, and why; and so is what it takes in again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple, Self

from aggregates import Aggregate, Event, Refused


class StreamSkipped(Event):
    """Events of a stream, named by their positions, that the view is to leave out."""

    stream: str
    positions: tuple[int, ...]
    reason: str


class StreamRestored(Event):
    """Events of a stream that were skipped, and that the view is to take in after all."""

    stream: str
    positions: tuple[int, ...]
    reason: str


ExclusionEvent = StreamSkipped | StreamRestored


class SkippedAlready(Refused):
    """It is skipped already, for another reason or in another stream."""


class NotSkipped(Refused):
    """Only what is skipped can be restored."""


class Word(NamedTuple):
    """The last that was said of an event: whether it is left out, of which stream, and why."""

    out: bool
    stream: str
    reason: str


@dataclass(frozen=True)
class Exclusion(Aggregate):
    """All that one view leaves out; its id is the view's name."""

    kind: ClassVar[str] = "exclusion"

    words: Mapping[int, Word] = field(default_factory=dict)

    def skip(self, stream: str, positions: Sequence[int], reason: str) -> Iterator[ExclusionEvent]:
        """Asked twice, it is done once."""
        fresh = [at for at in sorted(set(positions)) if not self._is_out(at)]
        for at in positions:
            word = self.words.get(at)
            if word and word.out and word != (True, stream, reason):
                raise SkippedAlready(
                    f"Position {at} of {word.stream} is skipped already, because: {word.reason}."
                    " Leave it out of the list, or restore it first.",
                    f"{word.stream} 的位置 {at} 已被跳过，原因：{word.reason}。"
                    "请从列表中去掉，或先恢复它。",
                )
        if fresh:
            yield StreamSkipped(stream, tuple(fresh), reason)

    def restore(
        self, stream: str, positions: Sequence[int], reason: str
    ) -> Iterator[ExclusionEvent]:
        """Take back a skip; asked twice, it is done once."""
        back = [at for at in sorted(set(positions)) if self._is_out(at)]
        for at in positions:
            word = self.words.get(at)
            if word not in ((False, stream, reason), (True, stream, word and word.reason)):
                raise NotSkipped(
                    f"Position {at} of {stream} is not skipped in this view."
                    " GET /parked/skipped lists what is.",
                    f"此视图没有跳过 {stream} 的位置 {at}。"
                    "GET /parked/skipped 列出了所有跳过的事件。",
                )
        if back:
            yield StreamRestored(stream, tuple(back), reason)

    def _is_out(self, position: int) -> bool:
        word = self.words.get(position)
        return word is not None and word.out

    def evolve(self, event: ExclusionEvent) -> Self:
        word = Word(isinstance(event, StreamSkipped), event.stream, event.reason)
        return type(self)({**self.words, **dict.fromkeys(event.positions, word)})
