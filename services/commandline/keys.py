"""API keys: made, listed and revoked by an operator."""

from typing import Annotated

import typer

from aggregates.organisation.account import Account
from aggregates.organisation.grants import check
from aggregates.plain import Unfit
from infra.clock import iso
from infra.keys import BadName, Keys, id_of
from services.bootstrap import Platform
from services.commandline import Code, Failure, output
from services.commandline.numbers import whole
from services.commandline.opening import opened

key = typer.Typer(help="API keys.", no_args_is_help=True, rich_markup_mode=None)
Name = Annotated[str, typer.Argument(help="The account: the actor on every event of the key.")]
OPERATOR = {"by": "command line"}


@key.command()
def new(
    name: Name,
    *,
    days: Annotated[int, whole("Days until it ends; 0: it has no end.", most=3_650)] = 0,
    scope: Annotated[
        list[str] | None,
        typer.Option(help="What it may do of what the account may; may be told several times."),
    ] = None,
    label: Annotated[str | None, typer.Option(help="What it is for.")] = None,
) -> None:
    """Make a key and show it, once."""
    with opened() as platform:
        try:
            check(" ".join(scope or ()))
            made = Keys(platform.database).new(name, label=label, days=days or None, scopes=scope)
        except (BadName, Unfit) as error:
            raise Failure(str(error), Code.USAGE) from error
        note(platform, "key-made", {"account": name, "id": id_of(made), "label": label})
    typer.echo(made)
    output.say("Keep it: it is shown this once.")


@key.command("list")
def every(
    *,
    account: Annotated[str | None, typer.Option(help="Only those of this account.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines.")] = False,
) -> None:
    """List all keys by account, living and ended."""
    with opened() as platform:
        found = Keys(platform.database).every(account)
    rows = [
        {
            "id": one.id,
            "name": one.name,
            "label": one.label,
            "created_at": iso(one.created_at),
            "ends_at": _instant(one.ends_at),
            "revoked_at": _instant(one.revoked_at),
            "last_used_at": _instant(one.last_used_at),
        }
        for one in found
    ]
    output.rows(rows, "API keys", as_json=as_json)


@key.command()
def revoke(
    name: Name,
    id: Annotated[
        str | None, typer.Option("--id", help="Only this one, as `distributary key list` has it.")
    ] = None,
) -> None:
    """End every key of that account, or one of them; it takes a few seconds everywhere."""
    with opened() as platform:
        keys = Keys(platform.database)
        if id is None:
            ended = keys.revoke(name)
        else:
            found = keys.one(id)
            ended = int(found is not None and found.name == name and keys.revoke_one(id))
        if ended:
            note(platform, "key-revoked", {"account": name, "id": id, "keys": ended})
    if not ended:
        raise Failure(f"There is no living key named {name}: see `distributary key list`.")
    output.say(f"{ended} revoked; within 5 seconds nobody can use it.")


def note(platform: Platform, kind: str, detail: dict[str, object]) -> None:
    """Keep in the log of access what an operator did."""
    about = [Account.stream(str(detail["account"]))]
    platform.access_log.note(kind, None, {**detail, **OPERATOR}, about=about)


def _instant(at: int | None) -> str | None:
    return None if at is None else iso(at)


def add(app: typer.Typer) -> None:
    app.add_typer(key, name="key")
