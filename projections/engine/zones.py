"""Which place's business days a generation was made by: those of two are never mixed."""

from collections.abc import Collection, Mapping

from sqlalchemy import Column, Connection, Integer, Table, Text, delete, select, tuple_

from aggregates import calendar
from infra import bulk
from projections.engine.progress import metadata

zones = Table(
    "view_zones",
    metadata,
    Column("view", Text, primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("zone", Text, nullable=False),
)
"""A generation without a row was made before there was a choice, by the calendar's default."""
Generation = tuple[str, int]
"""A view's name and the number of one of its generations."""


class OtherZone(Exception):
    """A view's days are not those of the zone that the settings name."""

    def __init__(self, view: str, made_by: str) -> None:
        self.view, self.made_by = view, made_by
        super().__init__(
            f"The days of {view} are those of {made_by}, and DISTRIBUTARY_ZONE is"
            f" {calendar.zone()}: run `distributary rebuild {view}`, or set the zone back"
            " in every process."
        )

    @property
    def zh(self) -> str:
        return (
            f"{self.view} 的日期按 {self.made_by} 计算，而 DISTRIBUTARY_ZONE 为"
            f" {calendar.zone()}：请运行 `distributary rebuild"
            f" {self.view}`，或在所有进程中恢复原时区。"
        )


def note(connection: Connection, generations: Collection[Generation]) -> None:
    """They have no rows yet: their days will be those of the zone in use."""
    if not generations:
        return
    forget(connection, generations)
    rows = [{"view": view, "generation": one, "zone": calendar.zone()} for view, one in generations]
    connection.execute(bulk.dialect_insert(connection, zones).values(rows))


def forget(connection: Connection, generations: Collection[Generation]) -> None:
    mine = tuple_(zones.c.view, zones.c.generation).in_(generations)
    connection.execute(delete(zones).where(mine))


def made_by(connection: Connection, view: str, number: int) -> str:
    query = select(zones.c.zone).where(zones.c.view == view, zones.c.generation == number)
    return connection.execute(query).scalar_one_or_none() or calendar.DEFAULT


def check(connection: Connection, numbers: Mapping[str, int]) -> None:
    """Raise `OtherZone` where the generation that is named of a view was made by the days of
    another zone.
    """
    query = select(zones).where(zones.c.view.in_(list(numbers)))
    made = {(row.view, row.generation): row.zone for row in connection.execute(query)}
    for view, number in numbers.items():
        zone = made.get((view, number), calendar.DEFAULT)
        if zone != calendar.zone():
            raise OtherZone(view, zone)
