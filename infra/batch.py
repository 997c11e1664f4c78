"""Commands decided in order upon a head: what to write, and what to answer when it is."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from infra.clock import instant, micros
from infra.events import Entry, Head
from infra.log import Log, State
from infra.requests import Answer, KeyReused, Outcome, Request, VersionMismatch, Written
from infra.store import Sealed

Fetch = Callable[[Mapping[str, type[Any]]], None]
"""Brings the states of streams to hand where they are missing."""
Held = tuple[bytes, Outcome]
"""What a key was used for, and what came of it."""


class Batch:
    """States as they would be, entries and keys to write: the work of one transaction.

    Nothing of it is true before it is written upon that very `head`.
    """

    def __init__(
        self,
        log: Log,
        refused: type[Exception],
        fetch: Fetch,
        head: Head,
        known: Mapping[str, tuple[bytes, bytes]],
    ) -> None:
        self.log = log
        self.refused = refused
        self.fetch = fetch
        self.head = head
        self.known = known
        self.entries: list[Entry] = []
        self.states: dict[str, State] = {}
        self.before: dict[str, int] = {}
        self.keys: dict[str, Held] = {}
        self.moment = instant(head.now)
        self.sure = True
        """Whether each answer's key is written, so that one used before would be met."""

    def decide(self, requests: Sequence[Request]) -> list[Answer]:
        """Answers that may be given once it is written."""
        touched = (pair for request in requests for pair in request.command.touches())
        self.fetch({kind.stream(key): kind for kind, key in touched})
        answers = [self._answer(request) for request in requests]
        self.sure &= not any(isinstance(answer, Exception) for answer in answers)
        return answers

    def _answer(self, request: Request) -> Answer:
        held = self._held(request.key)
        if held is not None:
            if held[0] != request.content:
                return KeyReused("this key was used for another request: take a new key")
            return msgspec.structs.replace(held[1], repeated=True)
        try:
            outcome = self._decide(request)
        except VersionMismatch as error:
            return error
        except self.refused as error:
            outcome = self._refusal(request, error)
        except (DBAPIError, PoolTimeout):
            raise  # no fault of the rule: the whole batch is tried again
        except Exception as error:  # noqa: BLE001 - a faulty rule must not stop the others
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
        command, stream = request.command, request.command.stream
        local = {stream: self._state(command.aggregate, stream)}

        def load(kind: type[Any], id: str) -> Any:
            name: str = kind.stream(id)
            if name not in local:
                local[name] = self._state(kind, name)
            return local[name][0]

        if request.expected is not None and request.expected != local[stream][1]:
            raise VersionMismatch(stream, request.expected, local[stream][1])
        at, moment, events = self.head.now, self.moment, []
        if command.occurred_at is not None:  # in whatever zone it was told, in UTC it is kept
            at = micros(command.occurred_at)
            moment = instant(at)
        for name, event in command.across(load, moment):
            state, version = local[name]
            local[name] = state.evolve(event), version + 1
            events.append((name, version + 1, event))
        return self._accept(request, stream, at, events, local)

    def _state(self, kind: type[Any], stream: str) -> State:
        staged = self.states.get(stream) or self.log.held(stream)
        if staged is None:
            self.fetch({stream: kind})
            staged = self.log.held(stream)
            assert staged is not None
        return staged

    def _accept(
        self,
        request: Request,
        own: str,
        at: int,
        events: list[tuple[str, int, Any]],
        local: dict[str, State],
    ) -> Outcome:
        who = request.actor, request.key, request.correlation_id, request.causation_id
        # Encoded before anything is staged: an event that cannot be stored leaves nothing.
        stored = [self.log.codec.encode(event) for _, _, event in events]
        position, refusal, written = self.head.position + len(self.entries), None, []
        for (stream, version, event), data in zip(events, stored, strict=True):
            name, position = type(event).__name__, position + 1
            self.entries.append(Entry(stream, version, name, event.schema, at, *who, data))
            written.append(Written(position, stream, version, name))
            self.before.setdefault(stream, version - 1)
            if event.refusal:
                refusal = refusal or name
        self.states.update(local)
        return Outcome(position, own, local[own][1], tuple(written), refusal)

    def _refusal(self, request: Request, error: Exception) -> Outcome:
        own = request.command.stream
        return Outcome(
            position=self.head.position + len(self.entries),
            stream=own,
            version=self._state(request.command.aggregate, own)[1],
            refusal=type(error).__name__,
            message=str(error),
            zh=getattr(error, "zh", None),
        )

    def seal(self) -> Sealed:
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
