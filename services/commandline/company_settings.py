"""Settings of the company from the command line: all of them, one with its past, and a change."""

import json
from typing import Annotated, Any

import typer

from services import settings_shown
from services.bootstrap import SETTINGS
from services.commandline import Code, Failure, ask, output
from services.commandline.opening import opened
from services.filter_values import nearest

settings = typer.Typer(
    help="What the company decides for itself, and since when.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Id = Annotated[str, typer.Argument(help="Their name, as loyalty.earning.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON lines.")]
ENGLISH = "en"


@settings.command("list")
def every(*, as_json: AsJson = False) -> None:
    """List all settings as they are in force, and when they change next."""
    with opened() as platform:
        found = settings_shown.every(platform, SETTINGS, ENGLISH, None)
    if not output.to_people(as_json=as_json):
        return output.rows(found, "Settings", as_json=as_json)
    shown = [
        {
            "id": one["id"],
            "values": json.dumps(one["values"], ensure_ascii=False),
            "since": one["valid_from"] or "the beginning",
            "next": one["next"] and one["next"]["valid_from"],
        }
        for one in found
    ]
    return output.rows(shown, "Settings", as_json=False)


@settings.command()
def show(id: Id, *, as_json: AsJson = False) -> None:
    """Show settings with every version there was and will be, and who made it."""
    model = settings_shown.model_of(id)
    if model is None:
        near = nearest(id, [one.id for one in SETTINGS])
        hint = f" Did you mean {near}?" if near else ""
        raise Failure(
            f"There are no settings {id}: see `distributary settings list`.{hint}", Code.USAGE
        )
    with opened() as platform:
        (now,) = settings_shown.every(platform, [model], ENGLISH, None)
        versions = settings_shown.history(platform, model)
    output.line(now)
    output.rows(versions, f"Versions of {id}", as_json=as_json)


@settings.command("set")
def change(
    id: Id,
    values: Annotated[
        list[str], typer.Argument(help="What changes, as points=2; null is without a value.")
    ],
    *,
    reason: Annotated[str, typer.Option(help="Why; whoever reads the history will see it.")],
    since: Annotated[
        str | None,
        typer.Option("--from", help="An instant or a business day ahead; now, unless told."),
    ] = None,
    key: Annotated[str | None, typer.Option(help="Takes effect once under it.")] = None,
) -> None:
    """Change settings, now or from an instant ahead."""
    told = dict[str, Any]()
    for name, value in map(_pair, values):
        if name in told:
            raise Failure(f"{name} stands twice: say once what it becomes.", Code.USAGE)
        told[name] = value
    body = {"id": id, "values": told, "reason": reason} | ({"valid_from": since} if since else {})
    ask.command("change-settings", json.dumps(body), key)


def _pair(text: str) -> tuple[str, Any]:
    name, sign, value = text.partition("=")
    if not sign:
        raise Failure(f"{text}: write NAME=VALUE, such as points=2.", Code.USAGE)
    try:
        found = json.loads(value, parse_constant=_no_constant)
    except ValueError:
        return name, value
    ask.refuse_unsound(value, name)
    return name, found


def _no_constant(name: str) -> Any:
    """A word such as NaN, which JSON has no number for, is a word."""
    raise ValueError(name)


def add(app: typer.Typer) -> None:
    app.add_typer(settings, name="settings")
