"""What processes ask because of events, and which events they could not react to."""

import logging
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy.exc import SQLAlchemyError

from commands import Command
from infra.codec import Codec
from infra.database import unwritable
from infra.events import Recorded
from infra.executor import Executor
from infra.log import Log
from infra.recorder import LogRecorder
from infra.requests import Answer, KeyReused, Outcome, Request, Unavailable
from services.bootstrap import request
from services.processes import Process
from services.processes.deadlines import DeadlineChange
from services.workers.errors import BEHIND, describe

if TYPE_CHECKING:
    from infra.tracing import Tracing

BATCH = 64
KEYS = uuid5(NAMESPACE_OID, "distributary.processes")

log = logging.getLogger(__name__)


class Reaction(NamedTuple):
    event: Recorded
    number: int
    command: Command


class PendingCommand(NamedTuple):
    reaction: Reaction
    request: Request

    @property
    def event(self) -> Recorded:
        return self.reaction.event


class WantedChanges(NamedTuple):
    """What a process wants because of some events: commands to be asked, deadlines to be moved."""

    asked: list[PendingCommand]
    deadlines: list[DeadlineChange]


class Refusal(NamedTuple):
    """A reaction that a rule did not allow: an answer, and somebody has to hear of it."""

    reaction: Reaction
    outcome: Outcome


class ReactionFault(NamedTuple):
    """The first event of a stream that could not be reacted to, and why."""

    event: Recorded
    error: Exception


class Reacted(NamedTuple):
    """What came of some events: the faults, the refusals, and why each that is left waits."""

    faults: list[ReactionFault]
    refused: list[Refusal]
    waits: dict[int, str]


class Reactor:
    """Asks what processes want asked because of events, in order, under keys made from these.

    Whoever reacts to an event again asks under the same keys, and a key takes effect once. What
    cannot be reacted to holds back what follows in its stream, and nothing else. A fault that
    may pass by itself, of the database for one, is raised: all the events are to be tried again.
    """

    def __init__(
        self,
        store: LogRecorder,
        executor: Executor,
        codec: Codec,
        tracing: "Tracing | None" = None,
    ) -> None:
        self.store = store
        self.executor = executor
        self.tracing = tracing
        self._log = Log(store, codec)

    def wanted(
        self,
        process: Process,
        events: Iterable[Recorded],
        faults: dict[str, ReactionFault],
    ) -> WantedChanges:
        """What the process wants; adds the faults to those by stream that are given."""
        reactions, deadlines = list[Reaction](), list[DeadlineChange]()
        for event in events:
            if event.stream in faults:
                continue
            try:
                wanted = process.wants(event, self._log.event(event))
            except Exception as error:
                if passing(error):
                    raise
                faults[event.stream] = ReactionFault(event, error)
                continue
            for number, each in enumerate(wanted):
                if isinstance(each, Command):
                    reactions.append(Reaction(event, number, each))
                else:
                    deadlines.append(DeadlineChange(event, number, each))
        needed = self.needed(process, reactions)
        return WantedChanges([PendingCommand(r, _request(process, r)) for r in needed], deadlines)

    def ask(
        self,
        events: Sequence[Recorded],
        asked: Iterable[PendingCommand],
        faults: dict[str, ReactionFault],
    ) -> Reacted:
        """Ask a batch at a time. What follows a fault in its own batch has been asked as well:
        it waits like all that follows, and its keys find the same outcomes later.
        """
        refused: list[Refusal] = []
        failed: dict[str, ReactionFault] = {}
        left = (each for each in asked if each.event.stream not in failed)
        while batch := list(islice(left, BATCH)):
            for (reaction, _), answer in zip(batch, self.commit(batch), strict=True):
                event = reaction.event
                if error := _fault(event, answer):
                    failed.setdefault(event.stream, ReactionFault(event, error))
                elif isinstance(answer, Outcome) and answer.refusal is not None:
                    refused.append(Refusal(reaction, answer))
        faults |= failed  # each came before any other fault of its stream
        waits = dict(_waits(events, faults))
        heard = [each for each in refused if each.reaction.event.position not in waits]
        return Reacted(list(faults.values()), heard, waits)

    def needed(self, process: Process, reactions: Sequence[Reaction]) -> list[Reaction]:
        """Leaves out what would change nothing by the states as they are, later than the events.

        Later is safe: what happens after these states is an event to react to as well.
        """
        kinds: dict[str, Any] = {each.command.stream: each.command.aggregate for each in reactions}
        states = dict[str, Any]()
        for few in _portions(kinds):
            states |= self._states(few)
        return [each for each in reactions if not _idle(process, each.command, states)]

    def _states(self, kinds: Mapping[str, Any]) -> dict[str, Any]:
        """The states of these streams; none of a stream that cannot be read."""
        try:
            return self.executor.states(kinds)
        except Exception as error:
            if passing(error):
                raise
            if len(kinds) == 1:
                return {}
        each = (self._states({name: kind}) for name, kind in kinds.items())
        return {name: state for found in each for name, state in found.items()}

    def commit(self, batch: Sequence[PendingCommand]) -> Sequence[Answer]:
        began = time.time_ns()
        requests = [each.request for each in batch]
        answers = self.executor.commit(requests)
        if self.tracing is not None:
            causes = [self.tracing.cause(each.event) for each in batch]
            asked = list(zip(requests, causes, strict=True))
            self.tracing.committed(asked, answers, began, time.time_ns())
        return answers


def _portions(kinds: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Few at a time: who asks something else meanwhile waits no longer than for a batch."""
    left = iter(kinds.items())
    while few := dict(islice(left, BATCH)):
        yield few


def passing(error: Exception) -> bool:
    """Whether a fault may pass when the same is tried again, as one of data or of a rule never
    does.
    """
    faults = Unavailable | SQLAlchemyError | OSError | MemoryError
    return isinstance(error, faults) and not unwritable(error)


def correlated(event: Recorded) -> dict[str, str]:
    """What a line of the log has besides its text, so that all of one matter can be found."""
    return {"correlation_id": event.correlation_id, "stream": event.stream}


def _waits(
    events: Iterable[Recorded], faults: Mapping[str, ReactionFault]
) -> Iterator[tuple[int, str]]:
    for event in events:
        fault = faults.get(event.stream)
        if fault and event.position == fault.event.position:
            yield event.position, describe(fault.error)
        elif fault and event.position > fault.event.position:
            yield event.position, BEHIND


def _request(process: Process, reaction: Reaction) -> Request:
    event = reaction.event
    key = str(uuid5(KEYS, f"{process.name}:{event.id}:{reaction.number}"))
    return request(
        reaction.command,
        f"process:{process.name}",
        key,
        correlation=event.correlation_id,
        causation=event.id,
    )


def _idle(process: Process, command: Command, states: Mapping[str, Any]) -> bool:
    """Whether asking would change nothing. Where that cannot be told it is asked, and answered."""
    try:
        return command.stream in states and process.idle(command, states[command.stream])
    except Exception as error:
        if passing(error):
            raise
        return False


def _fault(event: Recorded, answer: Answer) -> Exception | None:
    """Why an event is not reacted to; raises what may pass by itself."""
    match answer:
        case Outcome(refusal=None):
            return None
        case Outcome():
            text = "position %d: refused, %s %s"
            told = event.position, answer.refusal, answer.message
            log.warning(text, *told, extra=correlated(event))
            return None
        case KeyReused():  # an older build has reacted to it, in its own way: that stands
            log.warning("position %d: %s", event.position, answer, extra=correlated(event))
            return None
    if passing(answer):
        raise answer
    return answer
