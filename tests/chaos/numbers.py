"""Numbers that many callers draw at once, while everything is killed: none is left out or twice."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from end_to_end.oracle import Finding, doubled, lost, wrong

from infra.events import Recorded


def drawn(log: Iterable[Recorded], content: Callable[[Recorded], Any]) -> Iterator[Finding]:
    """Each series counts from 1 without a gap, and each number has begun a thing there and then."""
    last, begun = Counter[str](), defaultdict[str, set[str]](set)
    numbers = dict[str, str]()
    for event in log:
        begun[event.command_id].add(event.key)
        if event.type != "NumberDrawn":
            continue
        one = content(event)
        numbers[one.begun] = event.command_id
        if one.number <= last[event.stream]:
            yield doubled(f"{event.stream} gave {one.number} again at {event.position}")
        elif one.number > last[event.stream] + 1:
            yield lost(f"{event.stream} left out what comes before {one.number}")
        last[event.stream] = one.number
    for number, command in numbers.items():
        if number not in begun[command]:
            yield wrong(f"{number} was drawn by {command}, and nothing is called so")
