"""Group commit: commands that wait are decided in order and committed in one short transaction."""

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

import msgspec
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from infra.clock import instant, micros
from infra.events import Entry, Head
from infra.log import Log, State


class Decides(Protocol):
    """What a command is to the executor."""

    @property
    def stream(self) -> str: ...

    @property
    def aggregate(self) -> Any: ...

    @property
    def occurred_at(self) -> datetime | None: ...

    def touches(self) -> Iterator[tuple[Any, str]]: ...

    def across(self, load: Any, at: datetime) -> Iterator[tuple[str, Any]]: ...


class Request(msgspec.Struct, frozen=True):
    """A command with who asks, under which key, and what was seen before asking.

    `content` is the hash of all that makes the request what it is; the same key with another
    content is refused. `expected` is the stream's version that the asker has seen.
    """

    command: Decides
    key: str
    content: bytes
    actor: str
    correlation_id: str
    causation_id: str | None = None
    expected: int | None = None


class Written(msgspec.Struct, frozen=True):
    """One event of an outcome."""

    position: int
    stream: str
    version: int
    type: str


class Outcome(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a key led to, for ever: stored with the events, in their transaction.

    `refusal` names the rule that said no. A refusal may have events: the record of the no.
    `position` is what a reader must have seen to see this outcome. `version` is that of the
    command's own stream.
    """

    position: int
    stream: str
    version: int
    events: tuple[Written, ...] = ()
    refusal: str | None = None
    message: str | None = None
    repeated: bool = False


class KeyReused(Exception):
    """The key has been used for another request."""


class VersionMismatch(Exception):
    """The stream is at another version than the asker has seen."""

    def __init__(self, stream: str, expected: int, version: int) -> None:
        super().__init__(f"{stream} is at version {version}, not {expected}: read it again")
        self.version = version


class Unavailable(Exception):
    """The database did not answer in time; the outcome is unknown. Ask again, same key."""


Answer = Outcome | Exception


class Executor:
    """Decides and commits batches of requests; safe to call from any thread.

    A refused command fails alone. After a lost connection the batch is tried again: keys make
    that safe, since what has taken effect answers with its first outcome.
    """

    def __init__(self, log: Log, refused: type[Exception], *, patience: float = 10.0) -> None:
        self.log = log
        self.refused = refused
        self.patience = patience
        self._mutex = threading.Lock()

    def execute(self, request: Request) -> Outcome:
        """One request; raises what `commit` would answer as an exception."""
        answer = self.commit([request])[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def commit(self, requests: Sequence[Request]) -> list[Answer]:
        """An answer for each request, in order; all accepted ones are durable."""
        with self._mutex:
            try:
                return self._insist(requests)
            except Unavailable:
                raise
            except Exception as error:  # noqa: BLE001 - whatever one of them does, it does alone
                if len(requests) == 1:
                    return [error]
        # One cannot be stored (a key with a NUL, say), or its stream not be read: it fails alone.
        return [answer for request in requests for answer in self.commit([request])]

    def _insist(self, requests: Sequence[Request]) -> list[Answer]:
        clock = self.log.recorder.database.clock
        deadline = clock.now() + int(self.patience * 1_000_000)
        pause = 0.05
        while True:
            try:
                return self._attempt(requests)
            except (IntegrityError, PoolTimeout):
                self.log.forget()  # a version or key was taken under us: decide afresh
            except DBAPIError as error:
                self.log.forget()
                if not _passing(error):
                    raise
            if clock.now() > deadline:
                raise Unavailable("the database does not answer; send it again, same key")
            clock.sleep(pause)
            pause = min(pause * 2, 1.0)

    def _attempt(self, requests: Sequence[Request]) -> list[Answer]:
        recorder = self.log.recorder
        with recorder.database.swift() as connection:
            head, known = recorder.begin(connection, [request.key for request in requests])
            self.log.catch_up(connection, head)
            batch = _Batch(self.log, self.refused, connection, head)
            self.log.fetch(connection, _touched(requests))
            answers = [batch.answer(request, known) for request in requests]
            batch.write()
        batch.keep()
        return answers


class _Batch:
    """One transaction's work: states as they would be, entries and keys to write."""

    def __init__(
        self, log: Log, refused: type[Exception], connection: Connection, head: Head
    ) -> None:
        self.log = log
        self.refused = refused
        self.connection = connection
        self.head = head
        self.entries: list[Entry] = []
        self.states: dict[str, State] = {}
        self.before: dict[str, int] = {}
        self.keys: dict[str, tuple[bytes, Outcome]] = {}

    def answer(self, request: Request, known: Mapping[str, tuple[bytes, bytes]]) -> Answer:
        held = self.keys.get(request.key)
        if held is None and request.key in known:
            content, stored = known[request.key]
            held = content, msgspec.json.decode(stored, type=Outcome)
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

    def _decide(self, request: Request) -> Outcome:
        command, stream = request.command, request.command.stream
        local: dict[str, State] = {}

        def load(kind: type[Any], id: str) -> Any:
            name: str = kind.stream(id)
            if name not in local:
                local[name] = self._state(kind, name)
            return local[name][0]

        load(command.aggregate, stream.partition("-")[2])
        if request.expected is not None and request.expected != local[stream][1]:
            raise VersionMismatch(stream, request.expected, local[stream][1])
        at = self.head.now if command.occurred_at is None else micros(command.occurred_at)
        events = []
        for name, event in command.across(load, instant(at)):
            state, version = local[name]
            local[name] = state.evolve(event), version + 1
            events.append((name, version + 1, event))
        return self._accept(request, at, events, local)

    def _state(self, kind: type[Any], stream: str) -> State:
        staged = self.states.get(stream)
        return staged or self.log.load(self.connection, kind, stream)

    def _accept(
        self,
        request: Request,
        at: int,
        events: list[tuple[str, int, Any]],
        local: dict[str, State],
    ) -> Outcome:
        refusals = [event for _, _, event in events if event.refusal]
        encode, first = self.log.codec.encode, self.head.position + len(self.entries) + 1
        # Encoded before anything is staged: an event that cannot be stored leaves nothing.
        stored = [(stream, version, event, encode(event)) for stream, version, event in events]
        written = []
        for position, (stream, version, event, data) in enumerate(stored, first):
            name = type(event).__name__
            self.entries.append(
                Entry(
                    stream,
                    version,
                    name,
                    event.schema,
                    at,
                    request.actor,
                    request.key,
                    request.correlation_id,
                    request.causation_id,
                    data,
                )
            )
            written.append(Written(position, stream, version, name))
            self.before.setdefault(stream, version - 1)
        self.states.update(local)
        own = request.command.stream
        return Outcome(
            position=self.head.position + len(self.entries),
            stream=own,
            version=local[own][1],
            events=tuple(written),
            refusal=type(refusals[0]).__name__ if refusals else None,
        )

    def _refusal(self, request: Request, error: Exception) -> Outcome:
        own = request.command.stream
        return Outcome(
            position=self.head.position + len(self.entries),
            stream=own,
            version=self._state(request.command.aggregate, own)[1],
            refusal=type(error).__name__,
            message=str(error),
        )

    def write(self) -> None:
        """Everything at once, and the commit with it."""
        changed = [(s, self.states[s], before) for s, before in self.before.items()]
        self.log.save_snapshots(self.connection, changed)
        encode, now = self.log.codec.encode, self.head.now
        keys = [(key, content, encode(o), now) for key, (content, o) in self.keys.items()]
        self.log.recorder.commit(self.connection, self.head, self.entries, keys)

    def keep(self) -> None:
        """What was staged is durable now: let everybody see it."""
        for stream, state in self.states.items():
            self.log.keep(stream, state)
        self.log.known = self.head.position + len(self.entries)


def _touched(requests: Sequence[Request]) -> dict[str, Any]:
    touched = (pair for request in requests for pair in request.command.touches())
    return {kind.stream(key): kind for kind, key in touched}


def _passing(error: DBAPIError) -> bool:
    """Whether trying again can help: the connection died, a lock or the disk said not now."""
    state = str(getattr(error.orig, "sqlstate", "") or getattr(error.orig, "pgcode", "") or "")
    text = str(error.orig).lower()
    return (
        error.connection_invalidated
        or state[:2] in {"08", "40", "53", "55", "57"}
        or any(sign in text for sign in ("locked", "connection", "closed", "terminat"))
    )


def batches(requests: Iterable[Request], size: int) -> Iterator[list[Request]]:
    """Requests in lists of at most `size`, in order."""
    batch: list[Request] = []
    for request in requests:
        batch.append(request)
        if len(batch) >= size:
            yield batch
            batch = []
    if batch:
        yield batch
