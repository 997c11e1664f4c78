"""A period under other settings: what would have been earned, refused, held and let go."""

from typing import Annotated, Any

import msgspec
import typer
from pydantic import TypeAdapter, ValidationError

from aggregates import Refused
from commands import When
from infra.clock import micros
from services.commandline import Code, Failure, ask, output
from services.commandline.opening import opened
from services.faults import words_of
from services.whatif.period import ReplayedPeriod
from services.whatif.trials import TRIED

MOMENT: TypeAdapter[Any] = TypeAdapter(When)


def whatif(
    since: Annotated[str, typer.Option("--from", help="An instant, or a business day.")],
    until: Annotated[str, typer.Option("--to", help="The instant, or the day, after the last.")],
    settings: Annotated[
        str,
        typer.Option(help='A JSON file such as {"loyalty.earning": {"points": 2}}; - is stdin.'),
    ],
) -> None:
    """Show what a period would have been under other settings; nothing is written."""
    period = ReplayedPeriod(_moment("--from", since), _moment("--to", until))
    if period.since >= period.until:
        raise Failure(f"--from {since} is not before --to {until}: swap them.", Code.USAGE)
    tried = {name: _values(name, values) for name, values in _read(settings).items()}
    found: dict[str, Any] = {"from": since, "to": until, "settings": tried}
    with opened() as platform:
        for name, values in tried.items():
            one = TRIED[name]
            try:
                found[one.part] = one.report(platform, period, values)
            except Refused as error:
                raise Failure(f"{name}: {error}", Code.REFUSED) from error
    output.line(found)


def _moment(option: str, text: str) -> int:
    try:
        return micros(MOMENT.validate_python(text))
    except ValidationError as error:
        raise Failure(f"{option} {text}: {words_of(error.errors()[0])[0]}.", Code.USAGE) from error


def _read(file: str) -> dict[str, Any]:
    text = ask.text_of(file)
    ask.refuse_unsound(text)
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except msgspec.MsgspecError as error:
        raise Failure(f"{file} is no JSON object of settings: {error}.", Code.USAGE) from error


def _values(id: str, values: Any) -> dict[str, Any]:
    """The values that are tried, as a change of settings would have them."""
    if id not in TRIED:
        raise Failure(
            f"{id} cannot be tried: {', '.join(TRIED)} can. Of other settings the log does not"
            " keep what was asked, so that nothing can be decided anew.",
            Code.USAGE,
        )
    try:
        return TRIED[id].values(values)
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(map(str, (id, *fault["loc"])))
        raise Failure(f"{where}: {words_of(fault)[0]}.", Code.USAGE) from error


def add(app: typer.Typer) -> None:
    app.command()(whatif)
