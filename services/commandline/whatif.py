"""A period under other settings: what would have been earned, refused, held and let go."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

import msgspec
import typer
from pydantic import TypeAdapter, ValidationError

from aggregates import Refused
from aggregates.inventory.reservations import ReservationSettings
from aggregates.loyalty.earning import EarningSettings
from aggregates.settings import SettingsModel
from commands import When
from commands.organisation.settings import values_model
from infra.clock import micros
from services.bootstrap import Platform
from services.commandline import Code, Failure, ask, output
from services.commandline.opening import opened
from services.faults import words_of
from services.whatif import points, reservations
from services.whatif.period import ReplayedPeriod

Report = Callable[[Platform, ReplayedPeriod, dict[str, Any]], dict[str, Any]]
TRIED: Mapping[str, tuple[type[SettingsModel], str, Report]] = {
    EarningSettings.id: (EarningSettings, "points", points.report),
    ReservationSettings.id: (ReservationSettings, "reservations", reservations.report),
}
"""The settings that can be tried: of others, what was decided cannot be decided anew."""
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
            _, part, report = TRIED[name]
            try:
                found[part] = report(platform, period, values)
            except Refused as error:
                raise Failure(f"{name}: {error}", Code.REFUSED) from error
    output.line(found)


def _moment(option: str, text: str) -> int:
    try:
        return micros(MOMENT.validate_python(text))
    except ValidationError as error:
        raise Failure(f"{option} {text}: {words_of(error.errors()[0])[0]}.", Code.USAGE) from error


def _read(file: str) -> dict[str, Any]:
    try:
        return msgspec.json.decode(ask.text_of(file), type=dict[str, Any])
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
        told = values_model(TRIED[id][0]).model_validate(values)
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(map(str, (id, *fault["loc"])))
        raise Failure(f"{where}: {words_of(fault)[0]}.", Code.USAGE) from error
    return told.model_dump(mode="json", exclude_unset=True)


def add(app: typer.Typer) -> None:
    app.command()(whatif)
