"""What runs until it is told to end: the standalone platform, the API, the workers.

Imports stand in the functions: `health` is asked every few seconds, and must cost little.
"""

import urllib.error
import urllib.request
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from services.commandline import Code, Failure
from services.commandline.environment import settings
from services.commandline.heartbeat import Heartbeat

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.bootstrap import Platform
    from services.commandline.groups import Group


class Job(StrEnum):
    """What a worker does."""

    PUBLISH = "publish"
    PROJECT = "project"
    PROCESS = "process"


class Part(StrEnum):
    """What can be asked for its health."""

    API = "api"
    PUBLISH = "publish"
    PROJECT = "project"
    PROCESS = "process"


Contexts = Annotated[
    str | None,
    typer.Option(
        "--group", metavar="CONTEXT,…", help="Only the read models of these contexts: project."
    ),
]


def standalone(
    company: Annotated[
        bool, typer.Option("--demo/--no-demo", help="Load the demo company at the first start.")
    ] = True,
) -> None:
    """Run everything in one process on SQLite; needs no server."""
    import logging

    from services import standalone as whole
    from services.commandline import logs, output

    logs.to_stderr(logging.WARNING)
    with output.progress("demo company") as told:
        whole.run(settings(), output.say, told, company=company)


def migrate() -> None:
    """Bring the database's tables to what this build needs."""
    from services.commandline import output
    from services.commandline.opening import opened
    from services.commandline.roles import renew

    with opened(prepared=True) as platform:
        renew(platform)
        output.say("The tables are up to date.")


def serve() -> None:
    """Run the API."""
    from services import memory
    from services.api.app import build
    from services.api.serving import Server, listen
    from services.commandline import logs, output
    from services.commandline.opening import check_days, opened
    from services.commandline.watchdog import end_in_time

    logs.to_stderr()
    with opened(traced="api") as platform:
        check_days(platform)
        wanted = platform.settings
        try:
            port = listen(wanted.host, wanted.port)
        except OSError as error:
            raise Failure(
                f"Port {wanted.port} cannot be taken ({error.strerror}): set DISTRIBUTARY_PORT."
            ) from error
        with port:
            memory.settle()
            address = f"http://{wanted.host}:{wanted.port}"
            output.say(f"Serving at {address}")
            for line in _first_way_in(platform, address):
                output.say(line)
            Server(build(platform), ending=end_in_time).run([port])


def _first_way_in(platform: "Platform", address: str) -> "Iterator[str]":
    """How to sign in, where the database is new; one that does not answer is not waited for."""
    import sys

    from sqlalchemy.exc import SQLAlchemyError

    from services import first_run

    try:
        if not first_run.is_new(platform):
            return
        first_run.open_owner(platform)
        made = first_run.first_password(platform)
    except SQLAlchemyError:
        return
    if made is not None:
        data = platform.settings.data.absolute()
        yield from first_run.how(address, data, made, shown=sys.stderr.isatty())


def work(part: Job, group: Contexts = None) -> None:
    """Run a worker until SIGTERM; of several publishers or processes, one works at a time."""
    from services import memory
    from services.commandline import logs
    from services.commandline.error_notes import ErrorNotes
    from services.commandline.groups import named
    from services.commandline.loops import WorkerLoop, driving, publishing
    from services.commandline.meter import serve_metrics
    from services.commandline.opening import check_days, opened
    from services.commandline.projecting import projecting
    from services.commandline.watchdog import StallWatchdog

    logs.to_stderr()
    projected = _only_for_project(part, named(group))
    name = projected.called(part)
    with opened(traced=part) as platform:
        if part is Job.PUBLISH and platform.settings.kafka is None:
            raise Failure("No Kafka is named: set DISTRIBUTARY_KAFKA=host:port.")
        if part is Job.PROJECT:
            check_days(platform)
        notes = ErrorNotes(platform.database, name)
        loop = WorkerLoop(name, Heartbeat(platform.settings, name), notes=notes)
        loop.stop_on_signals()
        memory.settle(memory.BATCHES)
        watch = StallWatchdog(name, platform.settings.stall, lambda: loop.turns, loop.stop)
        with serve_metrics(platform.settings, loop.meter), watch.kept():
            match part:
                case Job.PUBLISH:
                    loop.run(publishing(platform, loop))
                case Job.PROJECT:
                    loop.run(projecting(platform, loop, projected))
                case Job.PROCESS:
                    loop.run(driving(platform, loop))


def _only_for_project(part: Job | Part, group: "Group") -> "Group":
    if group.label and part != Job.PROJECT:
        raise Failure(f"--group is for project alone: {part} has no read models.", Code.USAGE)
    return group


def health(part: Part, group: Contexts = None) -> None:
    """Say whether a part works: 0 if it does, 1 if not. For containers and supervisors."""
    name = str(part)
    if group is not None:
        from services.commandline.groups import named  # here: it costs a second, others need none

        name = _only_for_project(part, named(group)).called(part)
    if part is Part.API:
        _ask_api()
    elif not (heart := Heartbeat(settings(), name)).beats:
        age = heart.age()
        since = "never worked here" if age is None else f"has not worked for {age:.0f} seconds"
        raise Failure(f"{name} {since}: see its log.")
    typer.echo(f"{name} works.")


def _ask_api() -> None:
    wanted = settings()
    host = "127.0.0.1" if wanted.host in {"0.0.0.0", "::"} else wanted.host  # noqa: S104
    try:
        with urllib.request.urlopen(f"http://{host}:{wanted.port}/livez", timeout=5):
            pass
    except (urllib.error.URLError, OSError) as error:
        raise Failure(f"The API does not answer at {host}:{wanted.port}: {error}") from error


def add(app: typer.Typer) -> None:
    for command in (standalone, migrate, serve, work, health):
        app.command()(command)
