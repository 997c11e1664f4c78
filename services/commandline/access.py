"""The log of access: read, and its chain of digests checked."""

from typing import Annotated

import typer

from infra import access_log
from infra.access_log import AccessQuery, BrokenChain
from services.commandline import Failure, output
from services.commandline.numbers import whole
from services.commandline.opening import opened

access = typer.Typer(
    help="The log of access: who signed in, and what was made.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@access.command()
def log(
    *,
    kind: Annotated[
        list[str] | None, typer.Option(help="Only of this kind; several unite.")
    ] = None,
    actor: Annotated[str | None, typer.Option(help="Only of this account.")] = None,
    last: Annotated[int, whole("How many, the latest first.")] = 100,
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines.")] = False,
) -> None:
    """Show who signed in, who failed, and which keys and passwords were made."""
    asked = AccessQuery(kind or (), actor, limit=last)
    with opened() as platform, platform.database.read() as connection:
        rows = access_log.read(connection, asked)
    output.rows(rows, "Log of access", as_json=as_json)


@access.command()
def verify() -> None:
    """Check that no row of the log of access was changed, removed or put in."""
    with opened() as platform, platform.database.read() as connection:
        try:
            count, digest = access_log.verify(connection)
        except BrokenChain as error:
            raise Failure(str(error)) from error
    output.line({"rows": count, "digest": digest.hex()})
    output.say("Note the digest outside: it shows later that none of these rows was cut off.")


def add(app: typer.Typer) -> None:
    app.add_typer(access, name="access")
