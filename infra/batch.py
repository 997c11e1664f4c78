"""Commands decided in order upon a head: what to write, and what to answer when it is."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from infra.clock import instant, micros
from infra.events import Entry, Head, Recorded
from infra.log import Log, State
from infra.requests import (
    Answer,
    Decides,
    KeyReused,
    Numbered,
    Outcome,
    Request,
    TooEarly,
    VersionMismatch,
    Written,
)
from infra.state_reader import Recalled, Remembered, StateReader
from infra.store import PreparedAppend, Reference

T = TypeVar("T")
Fetch = Callable[[Mapping[str, type[Any]]], None]
"""Brings the states of streams to hand where they are missing."""
Recall = Callable[[Sequence[Reference]], Mapping[Reference, Recorded]]
"""Finds the events recorded under references."""
Naming = Callable[[str, str, Sequence[Entry]], Iterable[str]]
"""Finds the streams of other things whose events name one of a kind; entries are not written yet.
"""
Admit = Callable[[StateReader, Request], Request]
"""Answers what is decided of a request: itself, or that it waits; raises a refusal where its actor
may not ask it.
"""
Sender = tuple[str, str, str, str | None]
"""Actor, command id, correlation and causation of an event."""
Held = tuple[bytes, Outcome]
"""What a key was used for, and what came of it."""


class Batch:
    """States as they would be, entries and keys to write: the work of one transaction.

    Nothing of it is true before it is written upon that very `head`. Without `recall` a
    reference that is not in the batch counts as new; `sure` says whether writing would tell.
    """

    def __init__(
        self,
        log: Log,
        refused: type[Exception],
        fetch: Fetch,
        head: Head,
        known: Mapping[str, tuple[bytes, bytes]],
        *,
        recall: Recall | None = None,
        named: Naming | None = None,
        tolerance: int = 0,
        admit: Admit | None = None,
    ) -> None:
        self.log = log
        self.refused = refused
        self.fetch = fetch
        self.head = head
        self.known = known
        self.recall = recall
        self.named = named
        self.admit = admit
        self.moment = instant(head.now)
        self.latest = head.now + tolerance
        """The last instant that may be told."""
        self.recalled: dict[Reference, Recalled | None] = {}
        """What the log has under references, as far as it was asked."""
        self._begin()

    def _begin(self) -> None:
        self.entries: list[Entry] = []
        self.states: dict[str, State] = {}
        self.before: dict[str, int] = {}
        self.remembered: dict[Hashable, Remembered] = {}
        self.keys: dict[str, Held] = {}
        self.recorded: dict[Reference, Recalled] = {}
        self.unsure: set[Reference] = set()
        """References that were taken for new without a look into the log."""
        self.sure = True
        """Whether each answer's key is written, so that one used before would be met."""

    def decide(self, requests: Sequence[Request]) -> list[Answer]:
        """Answers that may be given once it is written."""
        touched = (pair for request in requests for pair in request.command.touches())
        self.fetch({kind.stream(key): kind for kind, key in touched})
        answers = [self._answer(request) for request in requests]
        while self.recall is not None and self._learn(self.recall):
            self._begin()
            answers = [self._answer(request) for request in requests]
        self.sure &= self.unsure <= self.recorded.keys()
        return answers

    def rehearse(self, question: Callable[[StateReader], T]) -> T:
        """What a question answers that decides commands, once all it asked for was looked up."""
        found = question(StateReader(self))
        while self.recall is not None and self._learn(self.recall):
            self._begin()
            found = question(StateReader(self))
        return found

    def _learn(self, recall: Recall) -> bool:
        """Look the references up that were taken for new; answers whether one was not."""
        asked, self.unsure = sorted(self.unsure), set()
        if not asked:
            return False
        found = recall(asked)
        for reference in asked:
            event = found.get(reference)
            self.recalled[reference] = None if event is None else self._known(event)
        return bool(found)

    def _known(self, event: Recorded) -> Recalled:
        written = Written(event.position, event.stream, event.version, event.type)
        return Recalled(written, self.log.event(event), event.occurred_at)

    def _answer(self, request: Request) -> Answer:
        held = self._held(request.key)
        if held is not None:
            if held[0] != request.content and held[0] != request.older:
                return KeyReused("this key was used for another request: take a new key")
            return msgspec.structs.replace(held[1], repeated=True)
        try:
            outcome = self._decide(request)
        except VersionMismatch as error:
            self.sure = False
            return error
        except self.refused as error:
            self.sure = False  # nothing is kept under the key: it may have been used before
            return self._refusal(request, error)
        except (DBAPIError, PoolTimeout):
            raise  # no fault of the rule: the whole batch is tried again
        except Exception as error:  # noqa: BLE001 - a faulty rule must not stop the others
            self.sure = False
            return error
        self.keys[request.key] = request.content, outcome
        return outcome

    def _held(self, key: str) -> Held | None:
        held = self.keys.get(key)
        if held is None and key in self.known:
            content, stored = self.known[key]
            held = content, msgspec.json.decode(stored, type=Outcome)
        return held

    def _decide(self, request: Request) -> Outcome:
        if self.head.now < request.not_before:
            raise TooEarly(f"it is due at {instant(request.not_before).isoformat()}")
        sight = StateReader(self, request.actor)
        if request.checked and self.admit is not None:
            request = self.admit(sight, request)
        own = self.perform(request, sight).stream
        return self._accept(request, own, sight)

    def perform(self, request: Request, sight: StateReader) -> Decides:
        """Let a command decide upon what `sight` sees, and take what it yields; answers it as it
        was decided.
        """
        command, stream = request.command, request.command.stream
        if request.numbered is not None:
            command = self._numbered(request, request.numbered, sight)
            stream = command.stream
        own = sight.state(command.aggregate, stream)
        if request.expected is not None and request.expected != own.version:
            raise VersionMismatch(stream, request.expected, own.version)
        at, moment, told = self.head.now, self.moment, command.occurred_at is not None
        after, until = self._after(command, own, sight), 0
        if command.occurred_at is not None:  # in whatever zone it was told, in UTC it is kept
            at = until = micros(command.occurred_at)
            moment = instant(at)
            self._refuse_future(command, at)
            if (end := command.day_end()) is not None:  # on that day, after what came before
                until = min(micros(end), self.latest)
                if at < after <= until:
                    at, moment = after, instant(after)
        elif at < after:  # somebody's clock was ahead of ours
            at, moment = after, instant(after)
        for name, event in command.across(sight, moment):
            happened = event.happened()
            when = at if happened is None or happened is moment else micros(happened)
            latest = sight.states[name].latest
            if when > self.latest and happened is not None:
                self._refuse_future(command, when)
            if when < latest and not event.anytime:
                if happened is not None or (told and latest > until):
                    for flag in command.out_of_order(event, instant(when), instant(latest)):
                        sight.take(name, flag, when)
                else:
                    when = latest
            sight.take(name, event, when)
        return command

    def _after(self, command: Decides, own: State, sight: StateReader) -> int:
        """The instant of the latest that it follows, in its own stream or elsewhere."""
        met = len(sight.met)
        rests = command.follows(sight)
        del sight.met[met:]  # what it rests on is not what it repeats
        return own.latest if rests is None else max(own.latest, micros(rests))

    def _numbered(self, request: Request, numbered: Numbered, sight: StateReader) -> Decides:
        """The command under its number, whose event is among what it yields."""
        told = request.command.occurred_at
        at = self.head.now if told is None else micros(told)
        command, (stream, event) = numbered(sight, instant(at))
        sight.take(stream, event, at)
        return command

    def _refuse_future(self, command: Any, at: int) -> None:
        if at > self.latest:
            command.refuse_future(instant(at), instant(self.latest))

    def state(self, kind: type[Any], stream: str) -> State:
        """The state of a stream with what the batch has changed."""
        staged = self.states.get(stream) or self.log.held(stream)
        if staged is None:
            self.fetch({stream: kind})
            staged = self.log.held(stream)
            assert staged is not None
        return staged

    def naming(self, kind: str, id: str) -> Iterable[str]:
        """The streams that name a thing; where that cannot be looked up here, it is not sure."""
        if self.named is None:
            if self.recall is not None:
                raise LookupError("nothing was given that finds what names a thing")
            self.sure = False
            return ()
        return self.named(kind, id, self.entries)

    def _accept(self, request: Request, own: str, sight: StateReader) -> Outcome:
        # Encoded before anything is staged: an event that cannot be stored leaves nothing.
        stored = [self.log.codec.encode(event) for _, _, event, _ in sight.events]
        position, refusal, written = self.head.position + len(self.entries), None, []
        for (stream, version, event, at), data, who in zip(
            sight.events, stored, _senders(request, sight), strict=True
        ):
            name, position, under = type(event).__name__, position + 1, event.recorded_under()
            self.entries.append(Entry(stream, version, name, event.schema, at, *who, data, under))
            written.append(Written(position, stream, version, name))
            self.before.setdefault(stream, version - 1)
            if under is not None:
                self.recorded[stream, under] = Recalled(written[-1], event, at)
            if event.refusal:
                refusal = refusal or name
        self.states.update(sight.states)
        version = sight.states[own].version
        if not written:  # it had been recorded before, or it is so already
            _same_date(request.command, own, sight.met)
            met = tuple(one.written for one in sight.met)
            seen = max((one.position for one in met), default=position)
            return Outcome(seen, own, version, met, repeated=True)
        return Outcome(position, own, version, tuple(written), refusal)

    def _refusal(self, request: Request, error: Exception) -> Outcome:
        own = request.command.stream
        hides = getattr(error, "hides", False)
        version = 0 if hides else self.state(request.command.aggregate, own).version
        return Outcome(
            position=self.head.position + len(self.entries),
            stream=own,
            version=version,
            refusal=type(error).__name__,
            message=str(error),
            zh=getattr(error, "zh", None),
        )

    def seal(self) -> PreparedAppend:
        """What it comes to; nothing is decided on it after that."""
        encode, now = self.log.codec.encode, self.head.now
        keys = [(key, content, encode(o), now) for key, (content, o) in self.keys.items()]
        changed = ((s, self.states[s], before) for s, before in self.before.items())
        return self.log.recorder.seal(self.head, self.entries, keys, self.log.snapshots(changed))

    def keep(self) -> None:
        """It is written upon the head that the cache is true for: let everybody see it."""
        for stream, state in self.states.items():
            self.log.keep(stream, state)
        self.log.known = self.head.position + len(self.entries)


def _senders(request: Request, sight: StateReader) -> list[Sender]:
    """For each event in whose name it is written, and by what it was caused."""
    who = request.actor, request.key, request.correlation_id, request.causation_id
    found: list[Sender] = [who] * len(sight.events)
    for number, (actor, causation, correlation) in sight.performed.items():
        found[number] = actor, request.key, correlation or request.correlation_id, causation
    return found


def _same_date(command: Decides, own: str, met: Sequence[Recalled]) -> None:
    """Let the command refuse a repeat that is told of another date than what it repeats."""
    told = command.occurred_at
    first = next((one for one in met if one.written.stream == own), None)
    if told is None or first is None or first.event.happened() is not None:
        return
    if not micros(told) <= first.at <= micros(command.day_end() or told):
        command.refuse_date(instant(first.at), told)
