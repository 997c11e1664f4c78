"""Doors to PostgreSQL that can be shut on a client at any step of a transaction.

A trip is one question and its answer in PostgreSQL's simple protocol. Each part of the platform
has a door of its own, so that it is known who was cut off, and where.
"""

import asyncio
from collections import Counter
from contextlib import suppress
from threading import Thread
from typing import NamedTuple

TRIPS = "begin", "statement", "commit"
MOMENTS = (
    "unsent",  # nothing of it arrives
    "half sent",
    "sent",  # it arrives; the answer finds nobody
    "unanswered",  # the server has answered
    "half answered",
    "almost answered",  # all but the word that the server is ready
    "answered",  # the next question finds nobody
)
READY = b"Z\0\0\0\x05"
CHUNK = 65_536
LIMIT = 5.0
QUERY = 81
"""The letter Q."""


class Step(NamedTuple):
    trip: str
    moment: str

    def __str__(self) -> str:
        return f"{self.trip} {self.moment}"


STEPS = tuple(Step(trip, moment) for trip in TRIPS for moment in MOMENTS)


class Door:
    """`armed` is the step at which a connection that reaches it is cut, once `spared` others were.

    So it is not always the first transaction of two that belong together.
    """

    def __init__(self, target: int) -> None:
        self.target = target
        self.port = 0
        self.armed: Step | None = None
        self.spared = 0
        self.cuts: Counter[Step] = Counter()

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._enter, "127.0.0.1")
        self.port = self._server.sockets[0].getsockname()[1]

    async def _enter(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there = await asyncio.wait_for(asyncio.open_connection("127.0.0.1", self.target), LIMIT)
        except OSError:
            writer.transport.abort()
            return
        await _Wire(self, (reader, writer), there).carry()

    def reached(self, trip: str) -> str | None:
        """The moment at which this trip is to be cut; the order is then carried out."""
        if self.armed is None or self.armed.trip != trip:
            return None
        if self.spared > 0:
            self.spared -= 1
            return None
        step, self.armed = self.armed, None
        self.cuts[step] += 1
        return step.moment


Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class _Wire:
    """One connection; the client asks only after the answer before, so a trip is one at a time."""

    def __init__(self, door: Door, client: Ends, server: Ends) -> None:
        self.door, self.client, self.server = door, client, server
        self.moment: str | None = None

    async def carry(self) -> None:
        ways = [asyncio.ensure_future(self._there()), asyncio.ensure_future(self._back())]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        for _, writer in (self.client, self.server):
            writer.transport.abort()
        for way in ways:
            with suppress(OSError, asyncio.CancelledError):
                await way

    async def _there(self) -> None:
        waiting, greeted = b"", False
        while chunk := await self.client[0].read(CHUNK):
            waiting += chunk
            while (size := _size(waiting, greeted)) <= len(waiting):
                message, waiting = waiting[:size], waiting[size:]
                if greeted and not await self._ask(message):
                    return
                if not greeted:
                    greeted = True
                    await _put(self.server, message)

    async def _ask(self, message: bytes) -> bool:
        """False where the connection is to be cut at once."""
        trip = _trip(message)
        self.moment = moment = self.door.reached(trip) if trip else self.moment
        if moment == "unsent":
            return False
        await _put(self.server, message[: len(message) // 2] if moment == "half sent" else message)
        return moment not in {"half sent", "sent"}

    async def _back(self) -> None:
        while chunk := await self.server[0].read(CHUNK):
            match self.moment:
                case "unanswered":
                    return
                case "half answered":
                    await _put(self.client, chunk[: len(chunk) // 2])
                    return
                case "almost answered":
                    await _put(self.client, chunk[:-1])
                    return
            await _put(self.client, chunk)
            if self.moment == "answered" and chunk[-6:-1] == READY:
                return


def _size(waiting: bytes, greeted: bool) -> int:
    """Of the first message; the greeting alone has no letter before its length."""
    start = 1 if greeted else 0
    if len(waiting) < start + 4:
        return start + 4
    return start + int.from_bytes(waiting[start : start + 4])


def _trip(message: bytes) -> str | None:
    if message[0] != QUERY:
        return None
    words = message[5:].rstrip(b"\0; \n").upper()
    if words.endswith(b"COMMIT"):
        return "commit"
    return "begin" if words.startswith(b"BEGIN") else "statement"


async def _put(to: Ends, data: bytes) -> None:
    to[1].write(data)
    await to[1].drain()


class Proxy:
    """A door for each name, all served by one thread."""

    def __init__(self, target: int, names: list[str]) -> None:
        self.doors = {name: Door(target) for name in names}
        self._loop = asyncio.new_event_loop()
        Thread(target=self._loop.run_forever, daemon=True).start()
        for door in self.doors.values():
            asyncio.run_coroutine_threadsafe(door.open(), self._loop).result(LIMIT)

    def cuts(self) -> Counter[Step]:
        return sum((door.cuts for door in self.doors.values()), Counter())
