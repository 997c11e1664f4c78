"""What an operator keeps in order: API keys, and views made anew."""

from typing import Annotated

import typer

from infra.clock import iso
from infra.keys import BadName, Keys
from services.commandline import Code, Failure, output
from services.commandline.opening import opened

key = typer.Typer(help="API keys.", no_args_is_help=True, rich_markup_mode=None)
Name = Annotated[str, typer.Argument(help="The actor on every event that it writes.")]


@key.command()
def new(name: Name) -> None:
    """Make a key and show it, once."""
    with opened() as platform:
        try:
            made = Keys(platform.database).new(name)
        except BadName as error:
            raise Failure(str(error), Code.USAGE) from error
    typer.echo(made)
    output.say("Keep it: it is shown this once.")


@key.command("list")
def every(
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines.")] = False,
) -> None:
    """List all keys by name, living and revoked."""
    with opened() as platform:
        found = Keys(platform.database).every()
    rows = [
        {
            "name": one.name,
            "created_at": iso(one.created_at),
            "revoked_at": None if one.revoked_at is None else iso(one.revoked_at),
        }
        for one in found
    ]
    output.rows(rows, "API keys", as_json=as_json)


@key.command()
def revoke(name: Name) -> None:
    """End every key of that name; it takes a few seconds everywhere."""
    with opened() as platform:
        ended = Keys(platform.database).revoke(name)
    if not ended:
        raise Failure(f"There is no living key named {name}: see `distributary key list`.")
    output.say(f"{ended} revoked; within 5 seconds nobody can use it.")


def rebuild(
    view: Annotated[str, typer.Argument(help="Its name; `distributary status` lists them.")],
    *,
    accept: Annotated[
        bool, typer.Option(help="Switch even where the new totals differ from the old.")
    ] = False,
    back: Annotated[bool, typer.Option(help="Go back to the generation before.")] = False,
) -> None:
    """Make a view anew from the log beside the old one, compare them, and switch."""
    from services.workers.rebuild import Rebuild, roll_back

    with opened() as platform:
        known = {one.name: one for one in platform.views}
        if view not in known:
            raise Failure(f"There is no view {view}: take {', '.join(known)}.", Code.USAGE)
        if back:
            try:
                number = roll_back(platform.store, known[view])
            except LookupError as error:
                raise Failure(str(error.args[0])) from error
            output.say(f"{view}: generation {number} answers again.")
            return
        with output.progress(f"rebuild {view}") as told:
            made = Rebuild(platform.store, platform.codec, known[view]).run(told, accept=accept)
    for side, row in made.differences:
        output.line({"generation": side, **row})
    if not made.switched:
        raise Failure(
            f"{view}: generation {made.generation} differs from the one that answers, so nothing"
            " was switched. Look at the rows above; --accept switches all the same."
        )
    output.say(
        f"{view}: generation {made.generation} answers, {made.rows} rows up to position"
        f" {made.position}, {made.parked} streams parked."
    )


def add(app: typer.Typer) -> None:
    app.add_typer(key, name="key")
    app.command()(rebuild)
