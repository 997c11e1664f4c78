"""Kafka into all views while one stream of a hundred cannot be read: what the others lose by it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from zlib import crc32

from infra.events import Recorded
from projections.engine import View
from services.bootstrap import Platform
from services.memory import BATCHES
from tests.performance import project
from tests.performance.pairs import Figure, in_turns, settled
from tests.performance.stage import Stage

ONE_OF = 100


def parked(stage: Stage) -> Figure:
    """Both hear the same events; the reference can read all of them."""
    source = project.published(stage)
    prefix, heard = source.settings.topic_prefix, project.heard(source, stage.scale.events)
    well = stage.platform(kafka=True)
    sick = _sick(stage.platform(kafka=True))
    ours, reference = project.ours(sick, prefix, heard), project.ours(well, prefix, heard)
    reference = settled(reference, BATCHES)  # it is a worker of ours as well
    found = in_turns(ours, reference, stage.scale.rounds, "events/s", BATCHES)
    assert _parked(sick), "nothing was parked"
    assert not _parked(well), "more was parked than was meant"
    return found


def _sick(platform: Platform) -> Platform:
    return replace(platform, views=[_failing(view) for view in platform.figures])


def _failing(view: View) -> View:
    """The same view, whose rule fails for one stream of a hundred."""

    def rows(recorded: Recorded, event: Any) -> Iterator[Any]:
        if crc32(recorded.stream.encode()) % ONE_OF == 0:
            raise ValueError(f"{recorded.stream} is poison")
        yield from view.rows(recorded, event)

    return replace(view, rows=rows)


def _parked(platform: Platform) -> int:
    with platform.database.read() as connection:
        query = "SELECT count(DISTINCT stream) FROM view_parked"
        return int(connection.exec_driver_sql(query).scalar_one())
