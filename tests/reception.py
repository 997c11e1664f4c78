"""The workers of one run share its servers: whoever asks first has a server started for all."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from multiprocessing.connection import Client, Listener
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from threading import Lock, Thread
from typing import Any

from pace import limit

PLACE = "DISTRIBUTARY_TEST_SERVERS"
LIMIT = 120

Servers = Mapping[str, Callable[[], AbstractContextManager[str]]]
"""By name, what starts a server, tells its address, and ends it."""


class Down(Exception):
    """A server that many tests need does not come up: one of them fails of it, with its log."""

    def __init__(self, name: str, complaint: str, *, told: bool = False) -> None:
        super().__init__(f"{name} does not start: {complaint}")
        self.name, self.complaint, self.told = name, complaint, told


class Reception:
    """Answers everyone in a thread of their own; the second who asks for a server waits for it."""

    def __init__(self, servers: Servers) -> None:
        self.servers, self.running, self.over = servers, ExitStack(), False
        self.locks = {name: Lock() for name in servers}
        self.addresses: dict[str, str] = {}
        self.down: dict[str, str] = {}

    def serve(self, listener: Listener) -> None:
        while not self.over:
            Thread(target=self._answer, args=(listener.accept(),), daemon=True).start()

    def _answer(self, asking: Any) -> None:
        with asking, suppress(EOFError, OSError):  # who asked is gone
            name = asking.recv()
            with self.locks[name]:
                told = name in self.down
                if name not in self.addresses and not told:
                    self._start(name)
                asking.send((self.addresses.get(name, ""), self.down.get(name, ""), told))

    def _start(self, name: str) -> None:
        try:
            self.addresses[name] = self.running.enter_context(self.servers[name]())
        except Down as error:
            self.down[name] = error.complaint
        except Exception as error:  # noqa: BLE001  # who asked fails of it, and says why
            self.down[name] = str(error)


def _near() -> str | None:
    """The name of a socket has at most 107 bytes, however deep the temporary folder is."""
    return None if len(os.fsencode(gettempdir())) < 80 else "/tmp"


@contextmanager
def opened(servers: Servers) -> Iterator[None]:
    """Processes started meanwhile may `ask`; at the end what runs is stopped."""
    reception = Reception(servers)
    with TemporaryDirectory(prefix="r-", dir=_near()) as directory, reception.running:
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
        if not reception.poll(limit(LIMIT)):
            raise TimeoutError(
                f"{name} is not there after {limit(LIMIT):.0f} s: look at build/logs"
            )
        address, complaint, told = reception.recv()
    if complaint:
        raise Down(name, complaint, told=told)
    return str(address)
