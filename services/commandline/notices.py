"""Notices that are sent, from the command line: what waits or is parked, tried again, stopped."""

from typing import Annotated

import typer

from services.commandline import Failure, output
from services.commandline.numbers import whole
from services.commandline.opening import opened
from services.notices import deliveries, destinations
from services.notices.deliveries import State
from services.notices.destinations import those_of

notices = typer.Typer(
    help="Notices that wait to be sent, and where they are sent.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
To = Annotated[str | None, typer.Option("--to", help="Only of this destination.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON lines.")]


def add(app: typer.Typer) -> None:
    app.add_typer(notices, name="notices")


@notices.command("list")
def every(
    to: To = None,
    limit: Annotated[int, whole("At most so many.", least=1, most=100_000)] = 100,
    *,
    parked: Annotated[bool, typer.Option("--parked", help="Only what is parked.")] = False,
    as_json: AsJson = False,
) -> None:
    """List what waits to be sent or is parked, the oldest first."""
    with opened() as platform, platform.database.read() as connection:
        states: list[State] = ["parked"] if parked else ["waiting", "parked"]
        found = deliveries.listed(connection, platform.store.log, states, to, limit)
    output.rows([deliveries.shown(row) for row in found], "Notices", as_json=as_json)


@notices.command("destinations")
def destinations_(*, as_json: AsJson = False) -> None:
    """List where notices are sent, with what went wrong there last."""
    with opened() as platform, platform.database.read() as connection:
        found = those_of(connection)
    rows = [{"account": one.account, **destinations.shown(one)} for one in found]
    output.rows(rows, "Destinations", as_json=as_json)


@notices.command()
def retry(to: To = None) -> None:
    """Send what is parked again, from now on, and pause no destination."""
    with opened() as platform, platform.database.write() as connection:
        now = platform.database.now(connection)
        count = deliveries.retry(connection, platform.store.log, to, now)
    output.say(f"{count} notices are sent again by the process worker.")


@notices.command()
def stop(
    destination: Annotated[str, typer.Argument(help="`distributary notices destinations`.")],
) -> None:
    """Send nothing more to a destination; what waits for it is parked."""
    with opened() as platform, platform.database.write() as connection:
        found = destinations.of(connection, destination)
        if found is None:
            raise Failure(
                f"There is no destination {destination}: `distributary notices destinations`"
                " lists them."
            )
        destinations.end(connection, destination, platform.database.now(connection))
    output.say(f"Nothing more is sent to {destination} of {found.account}.")
