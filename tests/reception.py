"""The workers of one run share its servers: whoever asks first has a server started for all."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from multiprocessing.connection import Client, Listener
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock, Thread
from typing import Any

PLACE = "DISTRIBUTARY_TEST_SERVERS"
LIMIT = 120

Servers = Mapping[str, Callable[[], AbstractContextManager[str]]]
"""By name, what starts a server, tells its address, and ends it."""


class Reception:
    """Answers everyone in a thread of their own; the second who asks for a server waits for it."""

    def __init__(self, servers: Servers) -> None:
        self.servers, self.running, self.over = servers, ExitStack(), False
        self.locks = {name: Lock() for name in servers}
        self.addresses: dict[str, str] = {}

    def serve(self, listener: Listener) -> None:
        while not self.over:
            Thread(target=self._answer, args=(listener.accept(),), daemon=True).start()

    def _answer(self, asking: Any) -> None:
        with asking, suppress(EOFError, OSError):  # who asked is gone
            name = asking.recv()
            try:
                asking.send((self.address(name), ""))
            except Exception as error:  # noqa: BLE001  # who asked fails of it, and says why
                asking.send(("", f"{name} does not start: {error}"))

    def address(self, name: str) -> str:
        with self.locks[name]:
            if name not in self.addresses:
                self.addresses[name] = self.running.enter_context(self.servers[name]())
            return self.addresses[name]


@contextmanager
def opened(servers: Servers) -> Iterator[None]:
    """Processes started meanwhile may `ask`; at the end what runs is stopped."""
    reception = Reception(servers)
    with TemporaryDirectory(prefix="reception-") as directory, reception.running:
        place = str(Path(directory) / "socket")
        with Listener(place, "AF_UNIX", backlog=64) as listener:
            serving = Thread(target=reception.serve, args=(listener,), daemon=True)
            serving.start()
            os.environ[PLACE] = place
            try:
                yield
            finally:
                del os.environ[PLACE]
                reception.over = True
                Client(place).close()  # wakes it
                serving.join(5)


def ask(name: str) -> str | None:
    """The address of a server that the run shares, if this run shares any."""
    place = os.environ.get(PLACE)
    if place is None:
        return None
    with Client(place) as reception:
        reception.send(name)
        if not reception.poll(LIMIT):
            raise TimeoutError(f"{name} is not there after {LIMIT} s: look at build/logs")
        address, complaint = reception.recv()
    if complaint:
        raise RuntimeError(complaint)
    return str(address)
