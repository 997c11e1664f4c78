"""The whole platform in one process on SQLite: it starts in seconds and needs no server."""

import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from aggregates import calendar
from infra.clock import instant
from infra.settings import Settings
from projections.engine import view_status
from services import bootstrap, demo, memory, tracing
from services.api.app import build
from services.api.console import BUILT, INDEX
from services.api.demo_sign_in import OWN_NAMES
from services.api.serving import Server, listen
from services.bootstrap import Platform
from services.commandline import Failure
from services.commandline.loops import Made, WorkerLoop, driving
from services.commandline.opening import check_days
from services.commandline.projecting import following
from services.commandline.watchdog import end_in_time
from services.demo import people
from services.first_run import FIRST_KEY, first_key, first_password, how, is_empty, open_owner

Say = Callable[[str], None]
Tell = Callable[[int, int | None], None]


@dataclass(frozen=True)
class Started:
    """What to tell whoever started it. `key` and `password` are new, or else were told before.

    They are `shown` to eyes alone: what is told to a file may be read by others for years.
    """

    address: str
    data: Path
    key: str | None
    shown: bool
    password: str | None = None

    def lines(self) -> Iterator[str]:
        file = self.data / FIRST_KEY
        key = self.key if self.shown else None
        shown = key or f"$(cat {file})"
        yield f"Distributary runs at {self.address}"
        if (BUILT / INDEX).is_file():
            yield f"  console         {self.address}/console/"
        yield f"  documentation   {self.address}/docs"
        yield f"  data            {self.data}"
        if key:
            yield f"  first API key   {key}"
            yield f"                  (shown once; kept in {file})"
        elif self.key:
            yield f"  first API key   in {file}, which its owner alone can read"
        if self.password:
            yield from how(self.address, self.data, self.password, shown=self.shown)
        yield "  a first read:"
        yield f'    curl -H "Authorization: Bearer {shown}" "{self.address}/funnel"'
        yield "Ctrl-C ends it; the data stays."


def run(settings: Settings, say: Say, tell: Tell, *, company: bool = True) -> None:
    """Serve until a signal ends it. `company` loads the demo company into an empty log."""
    port = _listen(settings)
    try:
        with _opened(settings) as platform:
            fresh = company and is_empty(platform)
            if not fresh:  # the demo company opens it by itself
                open_owner(platform)
            key, password = first_key(platform), first_password(platform)
            if fresh:
                say("Loading the demo company, once")
                demo.load(platform, _today(platform), tell)
            address = f"http://{settings.host}:{port.getsockname()[1]}"
            memory.settle()
            folder, eyes = settings.data.absolute(), sys.stderr.isatty()
            started = Started(address, folder, key, eyes, password)
            with _workers(platform):
                if fresh:
                    say("Making its views")
                    _wait_for_views(platform)
                for line in started.lines():
                    say(line)
                app = build(platform, demo=_is_demo(platform))
                Server(app, ending=end_in_time).run([port])
    finally:
        port.close()


def _listen(settings: Settings) -> socket.socket:
    try:
        return listen(settings.host, settings.port)
    except OSError as error:
        raise Failure(
            f"Port {settings.port} of {settings.host} cannot be taken ({error.strerror}):"
            " end who has it, or set DISTRIBUTARY_PORT to another."
        ) from error


@contextmanager
def _opened(settings: Settings) -> Iterator[Platform]:
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
        probe = settings.data / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise Failure(
            f"The folder {settings.data.absolute()} cannot be written ({error.strerror}):"
            " make it writable, or set DISTRIBUTARY_DATA to another."
        ) from error
    platform = bootstrap.platform(settings, tracing.of("standalone", settings))
    try:
        platform.prepare()
        check_days(platform)
        yield platform
    finally:
        platform.close()


def _is_demo(platform: Platform) -> bool:
    """Whether all that can be seen is made up, and by nobody but people on this machine."""
    return platform.settings.host in OWN_NAMES and people.is_loaded(platform)


def _today(platform: Platform) -> date:
    return calendar.business_day(instant(platform.database.clock.now()))


def _wait_for_views(platform: Platform) -> None:
    """What is read first is there; a view that makes no way for long is not waited for."""
    seen: list[int] = []
    since = time.monotonic()
    while behind := _behind(platform):
        if behind != seen:
            seen, since = behind, time.monotonic()
        if time.monotonic() > since + platform.settings.stall:
            return
        time.sleep(0.05)


def _behind(platform: Platform) -> list[int]:
    """How far the views are that have not yet all of the log."""
    with platform.database.read() as connection:
        head = platform.store.head(connection).position
        found = view_status.statuses(connection, platform.views, platform.store.log)
    places = [one.position for one in found.values()]
    return [place for place in places if place < head]


@contextmanager
def _workers(platform: Platform) -> Iterator[None]:
    """Views and processes follow the log in threads that end with the block."""
    loops = [WorkerLoop("views"), WorkerLoop("processes")]
    made: list[Made] = [following(platform), driving(platform, loops[1])]
    threads = [
        threading.Thread(target=loop.run, args=(each,), name=loop.name, daemon=True)
        for loop, each in zip(loops, made, strict=True)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for loop in loops:
            loop.stop()
        for thread in threads:
            thread.join(10)
