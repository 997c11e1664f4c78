"""What a request would change if somebody confirmed it now, as far as its reader may see it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from aggregates import Refused
from aggregates.approvals.request import CommandRequest, MakerMayNot, NoLongerApplies
from commands import Command, Load, Rehearsal
from commands.approvals.request import rehearse_request
from commands.authorisation import action_of, may_ask_of, paths
from infra.clock import iso
from infra.events import Recorded
from infra.state_reader import StateReader
from projections.engine.hiding import without
from projections.engine.record import Record
from services.access import masks, request_notes, visible
from services.access.permissions import Granted
from services.bootstrap import RECORDS, Platform

MICROSECONDS = 1_000_000
BY_KIND: Mapping[str, Record[Any]] = {one.kind.kind: one for one in RECORDS if not one.sparse}
"""What of a thing is compared. What moves all day tells little of itself: its events say it."""
TELLING = NoLongerApplies, MakerMayNot
"""Refusals in the words of what was asked: they may name things beyond a reader's scope."""
UNTOLD = (
    "It would be refused now. Why is told to whoever asked it, and to whoever may ask the command.",
    "现在确认将被拒绝。原因仅向提交人及有权执行该命令的人员说明。",
)
Change = dict[str, Any]


class ThingChange(NamedTuple):
    """The fields of a thing that would be others; all that it would have, where it is `new`."""

    stream: str
    new: bool
    changes: dict[str, Change]


class RequestDifference(NamedTuple):
    """Upon the log at `position`; of what would be refused only the reason for it is told."""

    position: int
    refusal: Refused | None = None
    events: Sequence[Recorded] = ()
    things: Sequence[ThingChange] = ()


def difference(platform: Platform, granted: Granted, request: str) -> RequestDifference:
    def question(load: StateReader) -> RequestDifference:
        position = load.batch.head.position
        try:
            found = rehearse_request(load, request)
        except Refused as error:
            hides = isinstance(error, TELLING) and not _may_hear(load, granted, request)
            return RequestDifference(position, Refused(*UNTOLD) if hides else error)
        return RequestDifference(position, None, _events(platform, load, granted, request, found))

    tolerance = platform.settings.future_tolerance * MICROSECONDS
    found = platform.states.rehearse(question, platform.executor.named, tolerance)
    return found._replace(things=list(_things(platform, granted, found.events)))


def _may_hear(load: Load, granted: Granted, request: str) -> bool:
    """Whether somebody may hear why the command is refused, which may tell of things beyond his."""
    state: CommandRequest = load(CommandRequest, request)
    command = Command.known.get(state.command)
    if command is None or granted.actor == state.maker.account:
        return True
    thing = paths(load, CommandRequest, request)
    may = granted.may(action_of(command))
    return may and may_ask_of(load, granted.rights, command, thing)


def _events(
    platform: Platform, load: StateReader, granted: Granted, request: str, found: Rehearsal
) -> list[Recorded]:
    """What it would write, of things that the reader may see: new ones as they would be."""
    maker = load(CommandRequest, request).maker.account
    names = {stream for stream, *_ in found.taken}
    new = {stream for stream, version, *_ in found.taken if version == 1}
    seen = visible.streams_upon(load, granted, names - new)
    seen |= visible.streams_upon(found.load, granted, new)
    encode, head = platform.codec.encode, load.batch.head
    return [
        Recorded(
            position=head.position + number,
            stream=stream,
            version=version,
            id="",
            type=type(event).__name__,
            schema=event.schema,
            occurred_at=at,
            recorded_at=head.now,
            actor=maker,
            command_id="",
            correlation_id="",
            causation_id=None,
            incarnation=head.incarnation,
            digest=b"",
            data=encode(event),
        )
        for number, (stream, version, event, at) in enumerate(found.taken, 1)
        if stream in seen
    ]


def _things(
    platform: Platform, granted: Granted, events: Sequence[Recorded]
) -> Iterator[ThingChange]:
    after, before = _by_stream(events), _by_stream(_histories(platform, events))
    for stream, own in after.items():
        record = masks.record(granted, BY_KIND[stream.partition("-")[0]])
        earlier = [one for one in before.get(stream, ()) if one.version < own[0].version]
        yield _changed(platform, record, stream, earlier, own)


def _histories(platform: Platform, events: Sequence[Recorded]) -> Sequence[Recorded]:
    with platform.database.read() as connection:
        return platform.store.histories(connection, [*_by_stream(events)])


def _by_stream(events: Iterable[Recorded]) -> dict[str, list[Recorded]]:
    """The events of things that are compared."""
    found = dict[str, list[Recorded]]()
    for event in events:
        if event.stream.partition("-")[0] in BY_KIND:
            found.setdefault(event.stream, []).append(event)
    return found


def _changed(
    platform: Platform,
    record: Record[Any],
    stream: str,
    before: Sequence[Recorded],
    events: Sequence[Recorded],
) -> ThingChange:
    old, new = (_row(platform, record, some) for some in (before, [*before, *events]))
    changes = {
        name: {"from": old.get(name), "to": value}
        for name, value in new.items()
        if old.get(name) != value
    }
    if request_notes.personal(record) & changes.keys():
        request_notes.persons([stream])
    return ThingChange(stream, not before, changes)


def _row(platform: Platform, record: Record[Any], events: Sequence[Recorded]) -> dict[str, Any]:
    """A thing after its events, in the order in which they happened; empty before the first."""
    if not events:
        return {}
    row = record.shape()
    for event in sorted(events, key=lambda one: (one.occurred_at, one.position)):
        row = record.fold(row, event, platform.log.event(event))
    return {name: _shown(record, name, getattr(row, name)) for name in record.fields}


def _shown(record: Record[Any], name: str, value: Any) -> Any:
    if record.fields[name].mark.instant and value is not None:
        return iso(value)
    return without(msgspec.to_builtins(value), record.hidden_within)
