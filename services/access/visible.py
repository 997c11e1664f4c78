"""Events of things that somebody may see: reached by what each thing is now, in the log itself."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from aggregates import Aggregate
from aggregates.approvals.request import CommandRequest
from aggregates.organisation.rights import Paths
from commands import Load
from commands.authorisation import paths
from commands.sharing import reaches
from infra.search import EventQuery
from infra.state_reader import StateReader
from infra.states import States
from projections.engine.reach import NEVER
from services.access.actions import reading
from services.access.permissions import Granted
from services.contexts import Context


def anything(granted: Granted) -> bool:
    """Whether there is any kind of which something may be seen."""
    own = (kind for kind, aggregate in Aggregate.kinds.items() if not aggregate.of_another)
    return not granted.limited or any(_some(granted, kind) for kind in own)


def any_of(granted: Granted, context: Context) -> bool:
    """Whether there is anything of a context that may be seen."""
    return not granted.limited or any(_some(granted, k.kind) for k in context.every_kind)


def narrowed(granted: Granted, wanted: EventQuery) -> EventQuery:
    """The search without the kinds of which nothing may be seen; what is found is checked."""
    if not granted.limited or wanted.streams or wanted.commands:
        return wanted
    every = wanted.kinds or sorted(Aggregate.kinds)
    kinds = [kind for kind in every if kind in Aggregate.kinds and _some(granted, kind)]
    return wanted if len(kinds) == len(Aggregate.kinds) else wanted._replace(kinds=kinds)


def _some(granted: Granted, kind: str) -> bool:
    """Of what belongs to other things, each is looked at by itself."""
    return Aggregate.kinds[kind].of_another or not granted.reach(reading(kind)).nothing


class OfStream(Protocol):
    """A row that tells of a thing."""

    @property
    def stream(self) -> str: ...


R = TypeVar("R", bound=OfStream)


def rows(states: States, granted: Granted, found: Sequence[R]) -> list[R]:
    """Those of the rows that tell of what may be seen, in their order.

    The log is asked, and not a record: what has just begun is seen by whom it belongs to.
    """
    seen = streams(states, granted, {row.stream for row in found})
    return [row for row in found if row.stream in seen]


def streams(states: States, granted: Granted, names: Iterable[str]) -> set[str]:
    """Those of the streams that may be seen."""
    if not granted.limited:
        return set(names)
    through = {name: _through(name) for name in names}
    seen = _seen(states, granted, set(through.values()))
    return {name for name, thing in through.items() if thing in seen}


def streams_upon(load: Load, granted: Granted, names: Iterable[str]) -> set[str]:
    """Those of the streams that may be seen, as their things are upon a sight of the log."""
    if not granted.limited:
        return set(names)
    through = {name: _through(name) for name in names}
    seen, in_part = _by_reach(granted, set(through.values()))
    seen |= {name for name, kind in in_part.items() if _within(load, granted, name, kind)}
    return {name for name, thing in through.items() if thing in seen}


def _through(stream: str) -> str:
    """The stream of the thing by which a stream is reached."""
    prefix, _, name = stream.partition("-")
    kind = Aggregate.kinds.get(prefix)
    return stream if kind is None else "-".join(kind.reached_by(name))


def _seen(states: States, granted: Granted, names: Iterable[str]) -> set[str]:
    seen, in_part = _by_reach(granted, names)
    if in_part:
        seen |= states.ask(lambda load: _reached(load, granted, in_part))
    return seen


def _by_reach(
    granted: Granted, names: Iterable[str]
) -> tuple[set[str], dict[str, type[Aggregate]]]:
    """The streams of which all of their kind are seen, and those that must be looked at."""
    seen, in_part = set[str](), dict[str, type[Aggregate]]()
    for prefix, those in _by_kind(names).items():
        kind = Aggregate.kinds.get(prefix)
        reach = NEVER if kind is None else granted.reach(reading(prefix))
        if reach.everything and kind is not CommandRequest:
            seen.update(those)
        elif kind is not None and not reach.nothing:
            in_part |= dict.fromkeys(those, kind)
    return seen, in_part


def _by_kind(names: Iterable[str]) -> dict[str, list[str]]:
    found = defaultdict[str, list[str]](list)
    for name in names:
        found[name.partition("-")[0]].append(name)
    return found


def _reached(load: StateReader, granted: Granted, in_part: dict[str, type[Aggregate]]) -> set[str]:
    load.fetch(in_part)
    return {name for name, kind in in_part.items() if _within(load, granted, name, kind)}


def _within(load: Load, granted: Granted, name: str, kind: type[Aggregate]) -> bool:
    own = name.partition("-")[2]
    thing = paths(load, kind, own)
    return _reaches(load, granted, kind.kind, thing) and (
        kind is not CommandRequest or _about(load, granted, own, thing)
    )


def _about(load: Load, granted: Granted, id: str, thing: Paths | None) -> bool:
    """Whether what a request tells of may be seen itself."""
    about = load(CommandRequest, id).thing
    return about is not None and _reaches(load, granted, about.kind, thing)


def _reaches(load: Load, granted: Granted, kind: str, thing: Paths | None) -> bool:
    """Whether what may be seen of a kind comprises what has those dimensions."""
    rights, action = granted.rights, reading(kind)
    if rights is None or not granted.may(action):
        return granted.may(action)
    return reaches(load, rights, rights.reach(action), thing, working=False)
