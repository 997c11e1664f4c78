"""Kafka into six figures and all records: against somebody who only writes the rows.

The reference polls, decodes and adds up the figures as `by_hand` does. The rows of the records, the
index of their search and the mentions it has at hand, as our first run left them: it folds nothing
and reads nothing, and writes them as they come.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from infra.settings import Settings
from projections.engine import Projection, View
from projections.engine.record import Record
from projections.engine.version_table import FOREVER, OWN
from services.bootstrap import Platform
from services.memory import BATCHES
from tests.performance import project
from tests.performance.by_hand import ByHand, write
from tests.performance.pairs import Figure, in_turns
from tests.performance.stage import Stage

ENDED, STREAM, POSITION = OWN.index("ended"), OWN.index("stream"), OWN.index("position")
HAPPENED = OWN.index("happened")
END = (
    "UPDATE {} AS t SET ended=v.ended FROM (VALUES %s) AS v (stream, position, happened, ended)"
    " WHERE t.stream=v.stream AND t.position=v.position AND t.happened=v.happened"
)
Row = tuple[Any, ...]


def project_many(stage: Stage) -> Figure:
    source = project.published(stage)
    ours_in, theirs_in = stage.platform(kafka=True), stage.platform(kafka=True)
    prefix = source.settings.topic_prefix
    others = [view for view in ours_in.views if not isinstance(view, View)]
    views = [*project.figures(ours_in), *others]
    heard = project.heard(source, stage.scale.events)
    mine = project.ours(ours_in, prefix, heard, views)
    mine()
    rows = Rows(ours_in, views)
    reference = project.by_hand(
        theirs_in,
        heard,
        lambda: WithRecords(theirs_in.settings, prefix, project.new_group(), rows),
        views,
    )
    found = in_turns(mine, reference, stage.scale.rounds, "events/s", BATCHES)
    same = project.contents(ours_in, views) == project.contents(theirs_in, views)
    assert same, project.NOT_THE_SAME
    return found


class Rows:
    """What a run left in every table but the figures', by the position that each row came with."""

    def __init__(self, platform: Platform, views: Sequence[Projection]) -> None:
        self.by_position: dict[str, dict[int, list[Row]]] = {}
        self.ends: dict[str, dict[int, list[Row]]] = {}
        self.records = [view for view in views if isinstance(view, Record)]
        with platform.database.read() as connection:
            for view in views:
                if not isinstance(view, View):
                    self._learn(connection, view)

    def _learn(self, connection: Any, view: Projection) -> None:
        first, *others = view.every_table(1)
        rows = [tuple(row) for row in connection.execute(first.select())]
        at = list(first.c.keys()).index("position")
        self.by_position[first.name] = _grouped(rows, at)
        if isinstance(view, Record):
            ended = [row for row in rows if row[ENDED] != FOREVER]
            self.ends[first.name] = _grouped(ended, ENDED)
            births: dict[str, int] = {}
            for row in rows:
                births[row[STREAM]] = min(row[POSITION], births.get(row[STREAM], FOREVER))
            for other in others:
                found = [tuple(row) for row in connection.execute(other.select())]
                stream = list(other.c.keys()).index("stream")
                by_birth: dict[int, list[Row]] = defaultdict(list)
                for row in found:
                    by_birth[births[row[stream]]].append(row)
                self.by_position[other.name] = by_birth


def _grouped(rows: Sequence[Row], at: int) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[at]].append(row)
    return found


class WithRecords(ByHand):
    def __init__(self, settings: Settings, prefix: str, group: str, rows: Rows) -> None:
        super().__init__(settings, prefix, group)
        self.rows = rows
        self.seen: list[int] = []

    def _take(self, record: Any, ledgers: Any, totals: Any) -> None:
        super()._take(record, ledgers, totals)
        self.seen.append(self.last_position)

    def _also(self, cursor: Any) -> None:
        now, self.seen = self.seen, []
        for table, by_position in self.rows.by_position.items():
            rows = [row for position in now for row in by_position.get(position, ())]
            if ends := self.rows.ends.get(table):
                rows = list(self._open(rows, set(now)))
            if rows:
                write(cursor, f"INSERT INTO {table} VALUES %s", rows)
            later = [
                (row[STREAM], row[POSITION], row[HAPPENED], row[ENDED])
                for position in now
                for row in (ends or {}).get(position, ())
            ]
            if later:
                write(cursor, END.format(table), later)

    def _open(self, rows: Sequence[Row], now: set[int]) -> Iterator[Row]:
        """What ends in a later batch does not end yet."""
        for row in rows:
            ended = row[ENDED] if row[ENDED] in now else FOREVER
            yield (*row[:ENDED], ended, *row[ENDED + 1 :])
