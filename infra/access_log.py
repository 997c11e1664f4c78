"""Who signed in, was refused, changed rights, or read and took along what tells of persons.

It stands apart from the business log, and nobody waits for it but who signs in: notes are taken
in memory and written soon after, in their order. Without a writer of its own each is written at
once.
"""

import logging
import threading
from collections import deque
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from infra.access_rows import AccessNote, append, plain
from infra.database import Database
from infra.folding import WITHIN, Folding, Repeats
from infra.repeating import Repeating

MOST_WAITING = 10_000
"""Notes that may wait to be written; those beyond are counted, and the count is written."""
AT_ONCE = 500
"""Notes that are written in one transaction, so that no command waits long for it."""
PAUSE = 0.5
"""Seconds between two looks whether there is something to write."""
LOST = "notes-lost"
NOTHING: Mapping[str, Any] = {}

log = logging.getLogger(__name__)


class AccessLog:
    """Takes notes at once and writes them behind; `stop` writes what is left."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.lost = 0
        """Notes that could not be kept, since this process began."""
        self._waiting: deque[AccessNote] = deque()
        self._untold = 0
        self._folding = Folding()
        self._taking, self._writing = threading.Lock(), threading.Lock()
        self._writer: Repeating | None = None

    @property
    def depth(self) -> int:
        """Notes that wait to be written."""
        return len(self._waiting)

    def note(
        self,
        kind: str,
        actor: str | None = None,
        detail: Mapping[str, Any] = NOTHING,
        *,
        about: Sequence[str] = (),
        address: str | None = None,
        folded_by: Hashable | None = None,
        at_once: bool = False,
    ) -> None:
        """Keep that something happened; it never fails, and waits only where `at_once` says so.

        Further notes of the same `folded_by` are counted for a minute, and the count is written.
        """
        named = {"about": list(about)} if about else NOTHING
        note = self._made(kind, actor, address, {**detail, **named})
        with self._taking:
            if folded_by is not None:
                first = Repeats(note.at, kind, note.actor, note.address, detail)
                if self._folding.again(folded_by, first, about):
                    return
            self._keep(note)
        if at_once or self._writer is None:
            self.flush()

    def _made(
        self, kind: str, actor: str | None, address: str | None, detail: Mapping[str, Any]
    ) -> AccessNote:
        at = self.database.clock.now()
        who, place = (None if one is None else plain(one) for one in (actor, address))
        return AccessNote(at, kind, who, place, _text(detail))

    def _keep(self, note: AccessNote) -> None:
        if len(self._waiting) < MOST_WAITING:
            self._waiting.append(note)
        else:
            self._lose(1)

    def _lose(self, count: int) -> None:
        self.lost += count
        self._untold += count

    def start(self) -> None:
        if self._writer is not None:
            return
        self._writer = Repeating("access-log", PAUSE, self.flush)
        self._writer.start()

    def stop(self, limit: float) -> None:
        """Write what waits, and what was only counted so far."""
        if self._writer is not None:
            self._writer.stop(limit)
            self._writer = None
        with self._taking:
            self._tell_repeats(None)
        self.flush()

    def flush(self) -> None:
        """Write what waits; what cannot be written now waits on."""
        with self._writing:
            with self._taking:
                self._tell_repeats(self.database.clock.now() - WITHIN)
            while self._write_some():
                pass

    def _write_some(self) -> bool:
        """Whether there was something, and it was written."""
        notes, lost = self._taken()
        if not notes and not lost:
            return False
        told = [*notes, self._made(LOST, None, None, {"count": lost})] if lost else notes
        try:
            with self.database.write() as connection:
                append(connection, told)
        except (DBAPIError, PoolTimeout) as error:
            log.warning("%d notes of the access log wait: %s", len(told), error)
            self._put_back(notes, lost)
            return False
        return True

    def _tell_repeats(self, until: int | None) -> None:
        for one in self._folding.due(until):
            self._keep(self._made(one.kind, one.actor, one.address, one.told()))

    def _taken(self) -> tuple[list[AccessNote], int]:
        with self._taking:
            waiting = self._waiting
            taken = [waiting.popleft() for _ in range(min(AT_ONCE, len(waiting)))]
            lost, self._untold = self._untold, 0
        return taken, lost

    def _put_back(self, notes: Sequence[AccessNote], lost: int) -> None:
        with self._taking:
            room = MOST_WAITING - len(self._waiting)
            self._waiting.extendleft(reversed(notes[:room]))
            self._untold += lost
            self._lose(len(notes[room:]))


def _text(detail: Mapping[str, Any]) -> str:
    try:
        return msgspec.json.encode(detail, order="sorted", enc_hook=str).decode()
    except UnicodeEncodeError:  # half of a pair of surrogates, which is no text
        return msgspec.json.encode({"unreadable": ascii(detail)}).decode()
