"""The faults: each deals a blow, waits, and leaves everybody on his feet again."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from random import Random
from threading import Event

from pace import limit

from chaos.bucket import Bucket
from chaos.disk import Disk
from chaos.proxy import STEPS, Step
from chaos.world import Server, World, since
from services.local.part import Part

FULL = b"No space left"
FELT_LIMIT = 10.0
WORKS_LIMIT = 8.0
CUT_LIMIT = 1.0
BACK_LIMIT = 60.0
END_LIMIT = 8.0
STOPPED = 1.0, 3.5
BEHIND = {"postgres": ["api", "publisher", "projector-1", "process"], "kafka": ["publisher"]}
"""Who is most hurt if he dies while a server does not answer."""
Fault = Callable[[], str | None]
"""Deals a blow; answers its name, or nothing where there was nobody to deal it to."""


class Dealt:
    """What was dealt, and when; a line each in a file."""

    def __init__(self, file: Path) -> None:
        self.counts: Counter[str] = Counter()
        self.unfelt: list[str] = []
        self.troubles: list[str] = []
        self._began, self._file = time.monotonic(), file.open("w", buffering=1)

    def note(self, name: str) -> None:
        self._file.write(f"{time.monotonic() - self._began:8.2f} {name}\n")

    def __call__(self, name: str) -> None:
        self.counts[name.partition(":")[0]] += 1
        self.note(name)


class Faults:
    """Whoever is in the middle of one when all is `done` ends it at once."""

    def __init__(self, world: World, draw: Random, done: Event) -> None:
        self.world, self.draw, self.done = world, draw, done
        self.dealt = Dealt(world.logs / "faults.log")

    def decks(self) -> dict[str, list[Fault]]:
        decks = {name: self._server(name) for name in self.world.servers}
        decks["parts"] = [fault for name in self.world.parts for fault in self._part(name)]
        decks["cuts"] = self._cuts()
        if self.world.bucket is not None:
            draw = Random(self.draw.random())
            faults = self._stop_bucket, self._restart_bucket
            decks["bucket"] = [partial(fault, self.world.bucket, draw) for fault in faults]
        return decks

    def _server(self, name: str) -> list[Fault]:
        server, draw = self.world.servers[name], Random(self.draw.random())
        faults = [self._kill_server, self._stop_server, self._restart_server]
        faults += [self._kill_behind_dead, self._kill_behind_stopped]
        deck: list[Fault] = [partial(fault, name, server, draw) for fault in faults]
        if name in self.world.disks:
            deck.append(partial(self._fill, name, server, self.world.disks[name]))
        return deck

    def _kill_server(self, name: str, server: Server, draw: Random) -> str:
        server.kill()
        self.done.wait(draw.uniform(0, 1))
        server.start(limit(BACK_LIMIT))
        return f"kill: {name}"

    def _stop_server(self, name: str, server: Server, draw: Random) -> str:
        server.pause()
        self.done.wait(draw.uniform(*STOPPED))
        server.resume()
        return f"stop: {name}"

    def _restart_server(self, name: str, server: Server, draw: Random) -> str:
        server.stop(END_LIMIT)
        server.start(limit(BACK_LIMIT))
        return f"restart: {name}"

    def _stop_bucket(self, bucket: Bucket, draw: Random) -> str:
        bucket.pause()
        self.done.wait(draw.uniform(*STOPPED))
        bucket.resume()
        return "stop: bucket"

    def _restart_bucket(self, bucket: Bucket, draw: Random) -> str:
        bucket.stop()
        self.done.wait(draw.uniform(*STOPPED))
        bucket.start()
        return "restart: bucket"

    def _kill_behind_dead(self, name: str, server: Server, draw: Random) -> str:
        """Who has sent and heard nothing yet dies before he hears."""
        with self._victim(draw.choice(BEHIND[name])) as kill:
            server.kill()
            self.done.wait(draw.uniform(0.3, 1.5))
            kill()
        server.start(limit(BACK_LIMIT))
        return f"kill: {name}"

    def _kill_behind_stopped(self, name: str, server: Server, draw: Random) -> str:
        with self._victim(draw.choice(BEHIND[name])) as kill:
            server.pause()
            self.done.wait(draw.uniform(0.3, 1.5))
            kill()
        server.resume()
        return f"stop: {name}"

    @contextmanager
    def _victim(self, name: str) -> Iterator[Callable[[], None]]:
        """Somebody at work, in one's hand; with the block's end he works again."""
        with self.world.held(name) as part:
            for one in (name, "api"):
                self._await(one)

            def kill() -> None:
                part.process.kill()
                self.dealt(f"kill: {name}")

            yield kill
            self.world.start(name)

    def _await(self, name: str) -> None:
        """Who only starts has little to lose."""
        deadline = time.monotonic() + limit(WORKS_LIMIT)
        while not self.world.works(name) and time.monotonic() < deadline:
            if self.done.wait(0.1):
                return

    def _fill(self, name: str, server: Server, disk: Disk) -> str:
        """Full until the server has said so, and a second more."""
        log, began = server.process.log, time.monotonic()
        size, felt = log.stat().st_size, False
        while not felt and time.monotonic() < began + limit(FELT_LIMIT) and not self.done.is_set():
            disk.fill()
            self.done.wait(0.1)
            felt = FULL in since(log, size)
        disk.fill()
        self.done.wait(1)
        disk.clear()
        if not felt:
            self.dealt.unfelt.append(name)
        if not _up(server):
            server.kill()
            server.start(limit(BACK_LIMIT))
        return f"full disk: {name}"

    def _part(self, name: str) -> list[Fault]:
        draw = Random(self.draw.random())
        return [
            partial(self._on_part, fault, name, draw)
            for fault in (self._kill, self._stop, self._restart)
        ]

    def _on_part(self, fault: Callable[[str, Part, Random], str], name: str, draw: Random) -> str:
        with self.world.held(name) as part:
            if draw.random() < 0.75:  # the others are hit while they start
                self._await(name)
            return f"{fault(name, part, draw)}: {name}"

    def _kill(self, name: str, part: Part, draw: Random) -> str:
        part.process.kill()
        self.done.wait(draw.uniform(0, 0.5))
        self.world.start(name)
        return "kill"

    def _stop(self, name: str, part: Part, draw: Random) -> str:
        part.process.pause()
        self.done.wait(draw.uniform(*STOPPED))
        part.process.resume()
        return "stop"

    def _restart(self, name: str, part: Part, draw: Random) -> str:
        part.process.stop(limit=END_LIMIT)
        if part.process.code:
            self.dealt.note(f"{name} ended with code {part.process.code}")
        self.world.start(name)
        return "restart"

    def _cuts(self) -> list[Fault]:
        """At each step somebody is cut off once; at those of a commit the API and a projector."""
        draw, names = Random(self.draw.random()), list(self.world.parts)
        projectors = [name for name in names if name.startswith("projector")]
        commits = [step for step in STEPS if step.trip == "commit"]
        whom = [(names, STEPS), (["api"], commits), (projectors, commits)]
        return [partial(self._cut, who, step, draw) for who, steps in whom for step in steps]

    def _cut(self, parts: Sequence[str], step: Step, draw: Random) -> str | None:
        whom = draw.choice(parts)
        door = self.world.proxy.doors[whom]
        door.spared, door.armed = draw.randrange(3), step
        deadline = time.monotonic() + CUT_LIMIT
        while door.armed is not None and time.monotonic() < deadline:
            if self.done.wait(0.01):
                break
        missed, door.armed = door.armed is not None, None
        return None if missed else f"cut: {whom} {step}"


def _up(server: Server) -> bool:
    """Whether it answers, or comes to answer before long."""
    deadline = time.monotonic() + limit(FELT_LIMIT)
    while server.alive and time.monotonic() < deadline:
        if server._answers():
            return True
        time.sleep(0.1)
    return False
