"""The things that had to do with a period, each with what happened to it until the end of it."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from aggregates.organisation.settings import CompanySettings
from aggregates.settings import SettingsModel
from infra.events import Recorded
from infra.search import EventQuery, find
from services.bootstrap import Platform

S = TypeVar("S", bound=SettingsModel)
PAGE = 5_000
AT_ONCE = 250
"""Things whose history is at hand."""
LOOKING = 0.3
"""The share of the work that is to find them."""
Watch = Callable[[float], None]
"""Told now and then which share is done; may raise, to break it off."""


def unwatched(_: float) -> None:
    """Nobody follows how far it is."""


class ReplayedPeriod(NamedTuple):
    """Instants in microseconds; `until` is no part of it."""

    since: int
    until: int

    def __contains__(self, at: object) -> bool:
        return isinstance(at, int) and self.since <= at < self.until


def histories(
    platform: Platform,
    period: ReplayedPeriod,
    kind: str,
    types: Collection[str],
    watch: Watch = unwatched,
) -> Iterator[Sequence[Recorded]]:
    """The events of each thing to which one of those types happened in the period."""
    streams = _streams(platform, period, kind, types, lambda share: watch(share * LOOKING))
    names, done = iter(streams), 0
    while few := list(islice(names, AT_ONCE)):
        with platform.database.read() as connection:
            found = platform.store.histories(connection, few)
        by_stream: dict[str, list[Recorded]] = {name: [] for name in few}
        for event in found:
            if event.occurred_at < period.until:
                by_stream[event.stream].append(event)
        yield from by_stream.values()
        done += len(few)
        watch(LOOKING + (1 - LOOKING) * done / len(streams))


def _streams(
    platform: Platform, period: ReplayedPeriod, kind: str, types: Collection[str], watch: Watch
) -> dict[str, None]:
    """In the order of the log."""
    wanted, found, after = EventQuery((), (kind,), tuple(types), (), ()), dict[str, None](), 0
    with platform.database.read() as connection:
        head = platform.store.head(connection).position
        while after < head:
            page = find(connection, wanted, after, head, PAGE)
            found |= {one.stream: None for one in page.events if one.occurred_at in period}
            after = page.looked_to
            watch(after / head)
    return found


class Trial(NamedTuple):
    """Settings as they were, version by version, and what is to be otherwise."""

    model: type[SettingsModel]
    versions: Mapping[str | None, Any]
    told: Mapping[str, Any]

    def was(self, version: str | None) -> Any:
        return self.versions[version]

    def would_be(self, version: str | None) -> Any:
        """Those of that version with what is tried."""
        return self.model.of({**self.versions[version].values(), **self.told})


def trial(platform: Platform, model: type[SettingsModel], told: Mapping[str, Any]) -> Trial:
    state: CompanySettings = platform.states.ask(lambda load: load(CompanySettings, model.id))
    versions: dict[str | None, Any] = {None: model()}
    for one in state.versions:
        versions[f"{model.id}:{one.number}"] = model.of(one.values)
    return Trial(model, versions, told)
