"""Parked streams from the command line: seen, tried again, or skipped for a reason."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from infra.requests import KeyReused
from projections.engine import parking
from services.bootstrap import PROCESSES, Platform
from services.commandline import Code, Failure, output
from services.commandline.ask import ACTOR
from services.commandline.numbers import whole
from services.commandline.opening import opened
from services.processes import parking as process_parking
from services.workers import exclusions
from services.workers.replayer import ReplayResult
from services.workers.unpark import NotParked, NotSkipped, Reader, Skip, look, readers
from services.workers.unpark import restore as take_back
from services.workers.unpark import retry as let_in
from services.workers.unpark import skip as leave_out

parked = typer.Typer(
    help="Streams that a view could not read on, or a process not react to.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
NAMED = 5
"""So many parked streams are named where another was asked for."""
Named = Annotated[str, typer.Argument(help="Its name; `distributary status` lists them.")]
Stream = Annotated[str, typer.Argument(help="Its name; `distributary parked list` lists them.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON lines.")]


def add(app: typer.Typer) -> None:
    app.add_typer(parked, name="parked")


@parked.command("list")
def every(*, as_json: AsJson = False) -> None:
    """List every parked stream with its first event and why that waits."""
    with opened() as platform:
        every = _held(platform)
    found = [one for one in every if isinstance(one, parking.ParkedSummary)]
    held = [one for one in every if not isinstance(one, parking.ParkedSummary)]
    output.rows([parking.shown(one) for one in found], "Parked streams", as_json=as_json)
    if held:
        rows = [parking.shown(one) for one in held]
        output.rows(rows, "Parked streams of processes", as_json=as_json)


@parked.command()
def show(
    view: Named,
    stream: Stream,
    limit: Annotated[int, whole("At most so many.", least=1, most=1_000)] = 100,
    *,
    as_json: AsJson = False,
) -> None:
    """Show the events of a stream that wait, in order, with their data."""
    with opened() as platform:
        with platform.database.read() as connection:
            rows = look(platform, connection, _reader(view), stream, 0, limit)
        if not rows:
            raise Failure(_nothing(platform, view, stream))
    if output.to_people(as_json=as_json):
        rows = [{**row, "data": bytes(row["data"]).decode()} for row in rows]
    output.rows(rows, f"{stream} in {view}", as_json=as_json)


@parked.command()
def retry(
    view: Named,
    stream: Annotated[str | None, typer.Argument(help="Only this one; all, if left out.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Let in, in order, what can be read by now; ends with 1 if something is left."""
    with opened() as platform:
        of = _reader(view)
        held = [one.stream for one in _held(platform) if _name(one) == view]
        done = [let_in(platform, of, one) for one in (held if stream is None else [stream])]
        moved = [one for one in done if one.applied or one.skipped or one.left]
        if not moved:
            output.say(_nothing(platform, view, stream))
        _told(moved, as_json)


@parked.command()
def skip(
    view: Named,
    stream: Stream,
    reason: Annotated[str, typer.Option(help="Why; it is kept in the log for ever.")],
    position: Annotated[int | None, whole("This event; unless told, the first.", least=1)] = None,
    *,
    all: Annotated[bool, typer.Option("--all", help="All that wait of the stream.")] = False,
    as_json: AsJson = False,
) -> None:
    """Leave an event out of a view or process, and let in what waits behind it."""
    _check_reason(reason)
    with opened() as platform:
        asked = Skip(stream, reason.strip(), position, all)
        try:
            done = leave_out(platform, _reader(view), asked, ACTOR)
        except NotParked as error:
            raise Failure(_nothing(platform, view, stream, position)) from error
        except KeyReused as error:
            raise Failure(
                "Somebody else has just skipped it: look again.", Code.CONFLICT
            ) from error
        _told([done], as_json)


@parked.command()
def skipped(*, as_json: AsJson = False) -> None:
    """List every event that a view or process leaves out, with who skipped it, when and why."""
    with opened() as platform, platform.database.read() as connection:
        store, codec = platform.store, platform.codec
        found = [exclusions.shown(connection, store, codec, name) for name in readers()]
    output.rows([row for rows in found for row in rows], "Skipped events", as_json=as_json)


@parked.command()
def restore(
    view: Named,
    stream: Stream,
    reason: Annotated[str, typer.Option(help="Why; it is kept in the log for ever.")],
    position: Annotated[
        int | None, whole("This event; unless told, the first that is skipped.", least=1)
    ] = None,
    *,
    all: Annotated[bool, typer.Option("--all", help="All that is skipped of the stream.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take an event that was skipped into its view or process after all, in order."""
    _check_reason(reason)
    with opened() as platform:
        asked = Skip(stream, reason.strip(), position, all)
        try:
            done = take_back(platform, _reader(view), asked, ACTOR)
        except NotSkipped as error:
            raise Failure(
                f"No such event is skipped in {view}: see `distributary parked skipped`."
            ) from error
        except KeyReused as error:
            raise Failure(
                "Somebody else has just restored it: look again.", Code.CONFLICT
            ) from error
        _told([done], as_json)


def _check_reason(reason: str) -> None:
    if not 1 <= len(reason.strip()) <= 200:
        raise Failure("--reason: say why in 1 to 200 characters.", Code.USAGE)


def _reader(name: str) -> Reader:
    known = readers()
    if name not in known:
        raise Failure(f"There is no view or process {name}: take {', '.join(known)}.", Code.USAGE)
    return known[name]


def _held(platform: Platform) -> Sequence[Any]:
    """Every parked stream, of views and of processes."""
    names = [process.name for process in PROCESSES]
    with platform.database.read() as connection:
        views = parking.streams(connection)
        return [*views, *process_parking.summary(connection, names, platform.store.log)]


def _name(held: Any) -> str:
    """Of the view or process in which it is parked."""
    name: str = held[0]
    return name


def _nothing(
    platform: Platform, view: str, stream: str | None = None, position: int | None = None
) -> str:
    """That nothing is parked there, and what is."""
    what = f"Nothing of {stream}" if stream else "Nothing"
    what = what if position is None else f"No event of {stream} with position {position}"
    held = [f"{one.stream} in {_name(one)}" for one in _held(platform)]
    more = [f"{len(held) - NAMED} more"] if len(held) > NAMED else []
    if not held:
        return f"{what} is parked in {view}, nor anywhere else."
    return f"{what} is parked in {view}. Parked are {', '.join([*held[:NAMED], *more])}."


def _told(done: Sequence[ReplayResult], as_json: bool) -> None:
    rows: list[dict[str, Any]] = [one._asdict() for one in done]
    output.rows(rows, "What came of it", as_json=as_json)
    left = sum(one.left for one in done)
    if left:
        raise Failure(f"{left} events still wait: mend the rule, or skip what is broken.")
