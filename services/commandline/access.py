"""Access: who may do what and why, and the log of who signed in."""

from typing import Annotated

import typer

from aggregates import Aggregate
from infra import access_rows
from infra.access_rows import AccessQuery, BrokenChain
from services import filter_values
from services.access import actions, explained
from services.commandline import Code, Failure, output
from services.commandline.numbers import whole
from services.commandline.opening import opened

access = typer.Typer(
    help="Who may do what and why, and the log of who signed in.",
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
    about: Annotated[
        str | None, typer.Option(help="Only about this stream, such as customer-C-100.")
    ] = None,
    last: Annotated[int, whole("How many, the latest first.")] = 100,
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines.")] = False,
) -> None:
    """Show who signed in, was refused, changed rights, exported, or read of persons."""
    asked = AccessQuery(kind or (), actor, about=about, limit=last)
    with opened() as platform, platform.database.read() as connection:
        rows = access_rows.read(connection, asked)
    output.rows(rows, "Log of access", as_json=as_json)


@access.command()
def verify() -> None:
    """Check that no row of the log of access was changed, removed or put in."""
    with opened() as platform, platform.database.read() as connection:
        try:
            count, digest = access_rows.verify(connection)
        except BrokenChain as error:
            raise Failure(str(error)) from error
    output.line({"rows": count, "digest": digest.hex()})
    output.say("Note the digest outside: it shows later that none of these rows was cut off.")


Account = Annotated[str, typer.Argument(help="Its name, as it stands on events.")]
Action = Annotated[
    str, typer.Argument(help="As command:orders/draft-order, read:customers/customers, field:cost.")
]
Stream = Annotated[str | None, typer.Argument(help="A thing, by its stream: customer-C-100.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON lines.")]


@access.command()
def what(account: Account, *, as_json: AsJson = False) -> None:
    """Show all that an account may do and see, by which role, and for what of it all."""
    with opened() as platform:
        found = platform.states.ask(lambda load: explained.what(load, account))
    output.rows([one._asdict() for one in found], f"What {account} may", as_json=as_json)


@access.command()
def who(action: Action, stream: Stream = None, *, as_json: AsJson = False) -> None:
    """Show which accounts may do something, of that very thing where one is named."""
    _check(action, stream)
    with opened() as platform:
        found = platform.states.ask(lambda load: explained.who(load, action, stream))
    output.rows([one._asdict() for one in found], f"Who may {action}", as_json=as_json)


@access.command()
def why(account: Account, action: Action, stream: Stream = None) -> None:
    """Say whether an account may do something, of that very thing, and why; ends with 3 if not."""
    _check(action, stream)
    with opened() as platform:
        found = platform.states.ask(lambda load: explained.why(load, account, action, stream))
    output.line(found._asdict())
    if not found.allowed:
        raise typer.Exit(Code.REFUSED)


def _check(action: str, stream: str | None) -> None:
    names = list(actions.every())
    if action not in names:
        near = filter_values.nearest(action, names)
        raise Failure(
            f"There is no {action} that could be granted."
            + (f" Did you mean {near}?" if near else " `distributary access what` lists some."),
            Code.USAGE,
        )
    if stream is not None and stream.partition("-")[0] not in Aggregate.kinds:
        kinds = ", ".join(sorted(Aggregate.kinds))
        raise Failure(f"{stream} is of no kind: write KIND-ID, one of {kinds}.", Code.USAGE)


def add(app: typer.Typer) -> None:
    app.add_typer(access, name="access")
