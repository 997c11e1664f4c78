"""Commands are decided and committed in short transactions, by as few trips as can be."""

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from infra.batch import Admit, Batch, Naming
from infra.database import sqlstate
from infra.events import Head
from infra.log import Log
from infra.requests import Answer, Outcome, Request, Unavailable
from infra.store import HeadConflict, PreparedAppend

LOOK_EVERY = 1_000_000
"""Microseconds: so long the database's clock is reckoned by our own before it is read again."""


class Executor:
    """Decides and commits batches of requests; safe to call from any thread.

    As long as nobody else writes, a batch is decided ahead, on the head as this process left
    it, and written in one trip on the condition that it still is the head. Otherwise it is
    decided under the head's lock. A refused command fails alone. After a lost connection the
    batch is tried again: keys make that safe, since what has taken effect answers with its
    first outcome.
    """

    def __init__(
        self,
        log: Log,
        refused: type[Exception],
        *,
        patience: float = 10.0,
        tolerance: float = 300.0,
        named: Callable[[Connection, Head], Naming] | None = None,
        admit: Admit | None = None,
    ) -> None:
        """`tolerance` is how many seconds ahead of the database's clock a date may be; `named`
        finds upon a head what names a thing; `admit` is asked of each request that is to be
        `checked`, before it is decided.
        """
        self.log = log
        self.admit = admit
        self.refused = refused
        self.patience = patience
        self.named = named
        self.heard: Callable[[Sequence[Request], Sequence[Answer]], None] | None = None
        """Is told of all that was answered; it must not raise."""
        self._tolerance = int(tolerance * 1_000_000)
        self._mutex = threading.Lock()
        self._head: Head | None = None
        self._looked_at = 0
        self._offset = 0

    def execute(self, request: Request) -> Outcome:
        """One request; raises what `commit` would answer as an exception."""
        answer = self.commit([request])[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def commit(self, requests: Sequence[Request]) -> list[Answer]:
        """An answer for each request, in order; all accepted ones are durable."""
        answers = self._commit(requests)
        if self.heard is not None:
            self.heard(requests, answers)
        return answers

    def _commit(self, requests: Sequence[Request]) -> list[Answer]:
        with self._mutex:
            try:
                return self._insist(requests)
            except Unavailable:
                raise
            except Exception as error:  # noqa: BLE001 - whatever one of them does, it does alone
                if len(requests) == 1:
                    return [error]
        # One cannot be stored (a key with a NUL, say), or its stream not be read: it fails alone.
        return [answer for request in requests for answer in self._commit([request])]

    def states(self, kinds: Mapping[str, type[Any]]) -> dict[str, Any]:
        """The states of these streams as the log is now. What was decided here lately is at hand,
        and what had to be read is so for what is decided next.
        """
        store, log = self.log.recorder, self.log
        with self._mutex, store.database.read() as connection:
            log.catch_up(connection, store.head(connection))
            log.fetch(connection, kinds)
            return {name: log.load(connection, kinds[name], name).state for name in kinds}

    def rehearse(self, requests: Sequence[Request]) -> list[Answer]:
        """What `commit` would answer as the log is now; nothing is written."""
        store, log = self.log.recorder, self.log
        with self._mutex, store.database.read() as connection:
            self._forget()
            head = store.head(connection)
            log.catch_up(connection, head)
            known = store.outcomes(connection, [request.key for request in requests])
            batch = self._upon(connection, head, known)
            answers = batch.decide(requests)
            self._forget()
        return answers

    def _insist(self, requests: Sequence[Request]) -> list[Answer]:
        clock = self.log.recorder.database.clock
        deadline = clock.now() + int(self.patience * 1_000_000)
        pause = 0.05
        while True:
            try:
                return self._attempt(requests)
            except (IntegrityError, PoolTimeout):
                self._forget()  # a version, key or reference was taken under us: decide afresh
            except DBAPIError as error:
                self._forget()
                if not _passing(error):
                    raise
            if clock.now() > deadline:
                raise Unavailable("the database does not answer; send it again, same key")
            clock.sleep(pause)
            pause = min(pause * 2, 1.0)

    def _attempt(self, requests: Sequence[Request]) -> list[Answer]:
        batch = self._ahead()
        if batch is not None:
            answers = batch.decide(requests)
            sealed = batch.seal()
            if batch.sure and self._written(sealed):
                batch.keep()
                self._head = sealed.next
                return answers
        return self._under_lock(requests)

    def _under_lock(self, requests: Sequence[Request]) -> list[Answer]:
        store, log = self.log.recorder, self.log
        with store.database.swift() as connection:
            head, known = store.begin(connection, [request.key for request in requests])
            self._looked_at = store.database.clock.now()
            self._offset = head.now - self._looked_at
            alone = head.position == log.known and not known
            log.catch_up(connection, head)
            batch = self._upon(connection, head, known)
            answers = batch.decide(requests)
            sealed = batch.seal()
            store.commit(connection, sealed)
        batch.keep()
        self._head = sealed.next if alone else None
        return answers

    def _upon(
        self, connection: Connection, head: Head, known: Mapping[str, tuple[bytes, bytes]]
    ) -> Batch:
        """A batch that looks into the log for whatever is not at hand."""
        store, log = self.log.recorder, self.log
        return Batch(
            log,
            self.refused,
            lambda streams: log.fetch(connection, streams),
            head,
            known,
            recall=lambda references: store.referenced(connection, references),
            named=None if self.named is None else self.named(connection, head),
            tolerance=self._tolerance,
            admit=self.admit,
        )

    def _ahead(self) -> Batch | None:
        """A batch upon the head as we left it; none where the log must be looked at first."""
        head, now = self._head, self.log.recorder.database.clock.now()
        if head is None or not 0 <= now - self._looked_at < LOOK_EVERY:
            return None
        head = msgspec.structs.replace(head, now=max(head.recorded_at, now + self._offset))
        limits: dict[str, Any] = {"tolerance": self._tolerance, "admit": self.admit}
        return Batch(self.log, self.refused, self._fetch, head, {}, **limits)

    def _written(self, sealed: PreparedAppend) -> bool:
        """Whether it was; if not, somebody else has written, or a key has been used."""
        store = self.log.recorder
        try:
            with store.database.swift() as connection:
                store.commit_upon(connection, sealed)
        except (HeadConflict, IntegrityError):
            return False
        return True

    def _forget(self) -> None:
        self._head = None
        self.log.forget()

    def _fetch(self, streams: Mapping[str, type[Any]]) -> None:
        if self.log.missing(streams):
            with self.log.recorder.database.read() as connection:
                self.log.fetch(connection, streams)


def _passing(error: DBAPIError) -> bool:
    """Whether trying again can help: the connection died, a lock or the disk said not now."""
    text = str(error.orig).lower()
    return (
        error.connection_invalidated
        or sqlstate(error)[:2] in {"08", "40", "53", "55", "57"}
        or any(sign in text for sign in ("locked", "connection", "closed", "terminat"))
    )
