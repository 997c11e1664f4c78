"""What an operator keeps in order: views made anew."""

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from projections.engine import Projection
from services.bootstrap import Platform
from services.commandline import Code, Failure, output
from services.commandline.numbers import whole
from services.commandline.opening import opened

if TYPE_CHECKING:
    from services.workers.rebuild import Rebuilt


class Source(StrEnum):
    """Where a view is made from."""

    LOG = "log"
    KAFKA = "kafka"


def rebuild(
    view: Annotated[
        str | None, typer.Argument(help="Its name, as `distributary status` has it; or else all.")
    ] = None,
    *,
    accept: Annotated[
        bool, typer.Option(help="Switch even where the new totals differ from the old.")
    ] = False,
    back: Annotated[bool, typer.Option(help="Go back to the generation before.")] = False,
    source: Annotated[
        Source, typer.Option("--from", help="What to read a long history from.")
    ] = Source.LOG,
    processes: Annotated[int, whole("How many fill a long one; 0: as many as cores.")] = 0,
) -> None:
    """Make a view, or all, anew beside the old one, compare them, and switch."""
    from services.workers.building import AlreadyRunning, IncompleteSource, Kafka
    from services.workers.rebuild import fill, rebuilds

    with opened() as platform:
        views = _chosen(platform, view)
        if back:
            _go_back(platform, views)
            return
        kafka = None
        if source is Source.KAFKA:
            if platform.database.sqlite:
                raise Failure("On SQLite a view is made from the log: leave out --from.")
            kafka = Kafka(platform.broker("rebuild"), platform.settings.topic_prefix)
        try:
            works = rebuilds(platform.store, platform.codec, views)
            with output.progress("rebuild") as told:
                fill(works, told, kafka=kafka, cores=processes)
                done = [work.run(told, accept=accept) for work in works]
        except (AlreadyRunning, IncompleteSource) as error:
            raise Failure(str(error)) from error
    for made in done:
        _tell(made)
    if kept := [made.view for made in done if not made.switched]:
        raise Failure(
            f"{', '.join(kept)}: the new generation differs from the one that answers, so nothing"
            " was switched. Look at the rows above; --accept switches all the same."
        )


def _chosen(platform: Platform, name: str | None) -> Sequence[Projection]:
    known = {one.name: one for one in platform.views}
    if name is None:
        return platform.views
    if name not in known:
        raise Failure(f"There is no view {name}: take {', '.join(known)}.", Code.USAGE)
    return [known[name]]


def _go_back(platform: Platform, views: Sequence[Projection]) -> None:
    from services.workers.rebuild import roll_back

    for view in views:
        try:
            number = roll_back(platform.store, platform.codec, view)
        except LookupError as error:
            raise Failure(str(error.args[0])) from error
        output.say(f"{view.name}: generation {number} answers again.")


def _tell(made: "Rebuilt") -> None:
    for side, row in made.differences:
        output.line({"view": made.view, "generation": side, **row})
    if made.switched:
        output.say(
            f"{made.view}: generation {made.generation} answers, {made.rows} rows up to position"
            f" {made.position}, {made.parked} streams parked."
        )


def add(app: typer.Typer) -> None:
    app.command()(rebuild)
