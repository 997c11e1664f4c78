"""32 connections that stay open, each sending its next request when it has its answer."""

import asyncio
import json
import sys
import uuid
from time import perf_counter
from typing import cast

import uvloop

from tests.performance import workload

CLIENTS = 32
RUN = uuid.uuid4().hex[:8]
HEAD = (
    "POST /commands/issue-stock HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
    "Authorization: Bearer {key}\r\nIdempotency-Key: {run}-{number}\r\n"
    "Content-Length: {size}\r\n\r\n"
)


class Caller(asyncio.Protocol):
    """Counts good answers; the first bad one ends the program with what it says."""

    def __init__(self, name: int, key: str, until: float) -> None:
        self.name, self.key, self.until = name, key, until
        self.done, self.sent, self.came = 0, 0, b""
        self.ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        self.came += data
        head, found, body = self.came.partition(b"\r\n\r\n")
        if not found or len(body) < _size(head):
            return
        if not head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 201")):
            self.ended.set_exception(SystemExit(self.came.decode()))
            return
        self.came, self.done = b"", self.done + 1
        if perf_counter() < self.until:
            self._send()
        else:
            self.transport.close()
            self.ended.set_result(self.done)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_exception(SystemExit(f"the server hung up: {error}"))

    def _send(self) -> None:
        self.sent += 1
        number = self.name + CLIENTS * self.sent
        where = workload.stock_of(number % workload.STOCKS)
        asked = {**where, "quantity": 1, "reason": "sale", "reference": f"IS-{RUN}-{number:08d}"}
        body = json.dumps(asked)
        head = HEAD.format(key=self.key, run=RUN, number=number, size=len(body))
        self.transport.write((head + body).encode())


def _size(head: bytes) -> int:
    return int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])


async def call(port: int, key: str, seconds: float) -> float:
    loop, start = asyncio.get_running_loop(), perf_counter()
    callers = [Caller(name, key, start + seconds) for name in range(CLIENTS)]
    for caller in callers:
        await loop.create_connection(lambda caller=caller: caller, "127.0.0.1", port)  # type: ignore[misc]
    done = await asyncio.wait_for(asyncio.gather(*(c.ended for c in callers)), seconds + 30)
    return sum(done) / (perf_counter() - start)


if __name__ == "__main__":
    print(uvloop.run(call(int(sys.argv[1]), sys.argv[2], float(sys.argv[3]))))
