"""Deadlines from the command line: seen, held, released, made anew from the log."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from sqlalchemy import Connection

from services.bootstrap import PROCESSES, SCHEDULING
from services.commandline import Code, Failure, output
from services.commandline.numbers import whole
from services.commandline.opening import opened
from services.processes import Process, holds
from services.processes import deadlines as rows
from services.processes.deadlines import BEGINNING, DeadlineFilter
from services.workers.rearm import rearm

deadlines = typer.Typer(
    help="What processes will ask by themselves, and when.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Named = Annotated[str, typer.Argument(help="Its name; `distributary status` lists them.")]
Names = Annotated[list[str] | None, typer.Option(help="May be given several times.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON lines.")]


def add(app: typer.Typer) -> None:
    app.add_typer(deadlines, name="deadlines")


@deadlines.command("list")
def every(
    process: Names = None,
    purpose: Names = None,
    about: Names = None,
    limit: Annotated[int, whole("At most so many.", least=1, most=100_000)] = 100,
    *,
    as_json: AsJson = False,
) -> None:
    """List what is pending, in the order in which it is due."""
    wanted = DeadlineFilter(process or SCHEDULING, purpose or (), about or ())
    with opened() as platform, platform.database.read() as connection:
        found = rows.page(connection, platform.store.log, wanted, BEGINNING, limit)
    output.rows([rows.shown(row) for row in found], "Deadlines", as_json=as_json)


@deadlines.command()
def hold(process: Named) -> None:
    """Ask nothing that is due until it is released; what is heard still schedules."""
    with _begun(process) as (place, now):
        holds.hold(*place, "operator", now)
    output.say(f"{process} asks nothing that is due: `distributary deadlines release {process}`.")


@deadlines.command()
def release(process: Named) -> None:
    """Ask what is due from now on, and believe the clock as it is."""
    with _begun(process) as (place, now):
        due = rows.counts(*place, now).due
        holds.release(*place, now)
    output.say(f"{process} is released: {due} are due and will be asked in their order.")


@deadlines.command()
def rebuild(process: Named) -> None:
    """Make the deadlines of a process anew from the log; nothing is asked meanwhile."""
    of = _process(process)
    with opened() as platform:
        count = rearm(platform.store, platform.codec, of)
    output.say(f"{process} has {count} deadlines.")


def _process(name: str) -> Process:
    known = {one.name: one for one in PROCESSES if one.purposes}
    if name not in known:
        names = ", ".join(known) or "none"
        raise Failure(f"{name} schedules no deadlines; those that do: {names}.", Code.USAGE)
    return known[name]


@contextmanager
def _begun(name: str) -> Iterator[tuple[tuple[Connection, str, str], int]]:
    """Where a process is kept that a worker has looked at, to be written, and what time it is."""
    process = _process(name)
    with opened() as platform, platform.database.write() as connection:
        place = connection, process.name, platform.store.log
        if holds.of(*place) is None:
            raise Failure(
                f"No worker has looked at {name} yet: start one with `distributary work process`."
            )
        yield place, platform.database.now(connection)
