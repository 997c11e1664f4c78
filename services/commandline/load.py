"""Data from elsewhere: real companies' files, or a demo company."""

import re
from pathlib import Path
from typing import Annotated

import typer

from aggregates import calendar
from infra.clock import instant
from infra.settings import is_zone
from services.commandline import Code, Failure, output
from services.commandline.import_file import FileFirst, file, undo
from services.commandline.numbers import whole
from services.commandline.opening import opened
from services.imports.rows import Report

WEEKS = re.compile(r"([0-9]{1,2})(?:-([0-9]{1,2}))?")
LAST_WEEK = 53
imports = typer.Typer(
    cls=FileFirst,
    help="Import real data; the same data twice changes nothing. `distributary import FILE --as"
    " COMMAND` imports any file of CSV or XLSX.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
imports.command()(file)
imports.command()(undo)


@imports.command()
def northwind(
    directory: Annotated[Path, typer.Argument(exists=True, file_okay=False)],
) -> None:
    """Import Northwind's CSV files from a folder."""
    from services.imports import northwind as source
    from services.imports.tables import Broken

    with opened(prepared=True) as platform, output.progress("northwind") as told:
        try:
            report = source.load(platform, directory, told)
        except Broken as error:
            raise Failure(str(error)) from error
    _tell(report)


@imports.command()
def completejourney(
    weeks: Annotated[str | None, typer.Option(help="Such as 1-8; all, unless told.")] = None,
    zone: Annotated[
        str | None,
        typer.Option(help="Whose clocks the stores have, such as America/New_York; or ours."),
    ] = None,
) -> None:
    """Import the purchases of The Complete Journey, a grocer's loyalty study."""
    from services.imports import completejourney as source

    wanted = _weeks(weeks)
    if zone is not None and not is_zone(zone):
        raise Failure(f"{zone} is no time zone: give its name, such as Asia/Shanghai.", Code.USAGE)
    with opened(prepared=True) as platform, output.progress("completejourney") as told:
        report = source.load(platform, wanted, told, zone)
    _tell(report)


def _weeks(text: str | None) -> range | None:
    if text is None:
        return None
    found = WEEKS.fullmatch(text)
    weeks = range(int(found[1]), int(found[2] or found[1]) + 1) if found else range(0)
    if not weeks or weeks[0] < 1 or weeks[-1] > LAST_WEEK:
        raise Failure(
            f"{text} are no weeks of the year: give a first and a last, such as 1-8, of 1 to"
            f" {LAST_WEEK}.",
            Code.USAGE,
        )
    return weeks


def demo(
    seed: Annotated[int, whole("Another seed, another company.")] = 20_260_101,
    days: Annotated[int, whole("How long it has existed.", least=1, most=3_650)] = 120,
) -> None:
    """Load the demo company: a distributor's last months, up to today."""
    from services import demo as company

    with opened(prepared=True) as platform, output.progress("demo company") as told:
        today = calendar.business_day(instant(platform.database.clock.now()))
        report = company.load(platform, today, told, seed, days)
    output.say(str(report).splitlines()[0])  # its refusals are part of the story


def _tell(report: Report) -> None:
    """What came of it; refused rows go to stdout, and the code says that there are some."""
    for row in report.refused:
        output.line({"row": row.key, "rule": row.rule, "message": row.message})
    summary, *rest = str(report).splitlines()
    about = [text for text in rest if text.startswith(("  left out", "  note"))]
    output.say("\n".join([summary, *about]))
    if report.refused:
        raise Failure(
            "The refused rows are above, each with its rule. Correct them and import again:"
            " what is done is not done twice.",
            Code.REFUSED,
        )


def add(app: typer.Typer) -> None:
    app.add_typer(imports, name="import")
    app.command()(demo)
