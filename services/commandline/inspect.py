"""What there is to see: the events, how far everything is, and whether the log is whole."""

import time
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Annotated, Any

import typer
from sqlalchemy.exc import DBAPIError

from infra.database import is_not_permitted
from infra.events import Recorded
from infra.search import EventQuery, Found, find
from services import filter_values
from services.bootstrap import Platform
from services.commandline import Code, Failure, output
from services.commandline.numbers import whole
from services.commandline.opening import opened
from services.jobs import integrity

PAGE = 1_000
GLANCE = 0.25
Names = Annotated[list[str] | None, typer.Option()]


def events(
    after: Annotated[int, whole("Begin after this position.")] = 0,
    limit: Annotated[int, whole("At most so many.", least=1)] = 100,
    stream: Names = None,
    kind: Names = None,
    type: Names = None,
    actor: Names = None,
    *,
    follow: Annotated[bool, typer.Option(help="Go on with what happens; Ctrl-C ends it.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines, with the data.")] = False,
) -> None:
    """Show events in the order of the log."""
    try:
        filter_values.check_events(stream or (), kind or (), type or ())
    except filter_values.NoSuchValue as error:
        raise Failure(str(error), Code.USAGE) from error
    wanted = EventQuery(stream or (), kind or (), type or (), actor or ())
    with opened() as platform:

        def look(position: int, most: int) -> tuple[Found, int]:
            with platform.database.read() as connection:
                head = platform.store.head(connection).position
                return find(connection, wanted, position, head, most), head

        pages = _pages(look, after, limit, follow=follow)
        _show(pages, platform.store.log, as_json=as_json or follow)


def _pages(look: Any, after: int, limit: int, *, follow: bool) -> Iterator[Sequence[Recorded]]:
    left = limit
    while follow or left > 0:
        found, head = look(after, PAGE if follow else min(PAGE, left))
        after, left = found.looked_to, left - len(found.events)
        yield found.events
        if after >= head:
            if not follow:
                return
            time.sleep(GLANCE)


def _show(pages: Iterator[Sequence[Recorded]], log: str, *, as_json: bool) -> None:
    from services.access.permissions import unlimited  # here: they take long to load
    from services.api.envelope import shown as seen

    shown = partial(seen, granted=unlimited("cli"))
    if not output.to_people(as_json=as_json):
        for page in pages:
            for event in page:
                output.line(shown(log, event))
        return
    found = [event for page in pages for event in page]
    names = "position", "recorded_at", "type", "stream", "version", "actor"
    rows = [{name: shown(log, event)[name] for name in names} for event in found]
    output.rows(rows, "Events", as_json=False)


def status(
    as_json: Annotated[bool, typer.Option("--json", help="JSON.")] = False,
) -> None:
    """Show how far the log, Kafka, views and processes are, and what is parked or refused."""
    from services.api.status import system_status

    with opened() as platform:
        found = {**system_status(platform), "notices": _notices(platform)}
    if not output.to_people(as_json=as_json):
        output.line(found)
        return
    published = found["published"]
    kafka = "no Kafka" if published is None else f"published up to {published}"
    output.say(f"log {found['log']}: {found['head']} events, {kafka}")
    views = [{"view": name, **how} for name, how in found["views"].items()]
    output.rows(views, "Views", as_json=False)
    processes = [{"process": name, **how} for name, how in found["processes"].items()]
    held = [row for how in processes for row in how.pop("parked")]
    output.rows(processes, "Processes", as_json=False)
    if found["parked"]:
        output.rows(found["parked"], "Parked streams", as_json=False)
    if held:
        output.rows(held, "Parked streams of processes", as_json=False)


def _notices(platform: Platform) -> dict[str, Any] | None:
    """How far notices are; nothing where the role of this process may not read them."""
    from services.api.status import notice_status

    try:
        return notice_status(platform)
    except DBAPIError as error:
        if not is_not_permitted(error):
            raise
        output.say("How far notices are the role of this process may not read: ask as the writer.")
        return None


def check() -> None:
    """Walk the chain of digests from the first event to the last."""
    with opened() as platform, output.progress("verify") as told:
        found = integrity.walk(platform, told)
    if found.wrong == integrity.OTHER_END:
        raise Failure("The log is broken: its head is not the last event's digest.")
    if found.wrong == integrity.MISSING:
        raise Failure(f"The log is broken: events after position {found.position} are missing.")
    if found.wrong is not None:
        raise Failure(
            f"The log is broken at position {found.position + 1}: the event is not the one"
            " that was chained. Restore it from a backup or from Kafka."
        )
    output.say(f"{found.position} events, each as it was chained.")


def add(app: typer.Typer) -> None:
    app.command()(events)
    app.command()(status)
    app.command("verify")(check)
