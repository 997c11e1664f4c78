"""A company with a stream that one view cannot read, and what there is to know of it."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from waiting import until
from workers.books import Books, kept
from workers.company import KINDS, PARTITIONS, Company, running

from infra.events import Recorded
from projections.engine import View, progress, rollups
from projections.inventory import dealer_stock
from services.commandline.loops import WorkerLoop, publishing
from services.commandline.projecting import projecting
from services.workers.rebuild import Rebuild, Rebuilt


class Sick:
    """Stock as a build with a fault sees it: it cannot read some events, until it is mended."""

    def __init__(self) -> None:
        self.poison: set[str] = set()
        self.bad: Callable[[Recorded], bool] = lambda recorded: recorded.id in self.poison
        self.read: list[int] = []
        self.view = replace(dealer_stock.view, rows=self._rows)

    def _rows(self, recorded: Recorded, event: Any) -> Iterator[Any]:
        if self.bad(recorded):
            raise ZeroDivisionError(f"{recorded.type} is poison")
        self.read.append(recorded.position)
        yield from dealer_stock.rows(recorded, event)


WELL = "transit", "funnel", "rankings", "stocks", "customers", "opportunities", "mentions"
"""Views that go on meanwhile: more of them would only take longer."""


def fallen_sick(company: Company) -> Sick:
    """The company's stock is read with a fault."""
    sick = Sick()
    others = [view for view in company.platform.views if view.name in WELL]
    company.platform = replace(company.platform, views=[sick.view, *others])
    company.names = company.platform.topic_names([*KINDS, "exclusion"])
    company.topics = company.broker.topics(company.names, PARTITIONS, 1)
    return sick


def parked(company: Company, sick: Sick) -> list[Recorded]:
    """The events of a stream that is parked from its second on; the others have flowed."""
    company.work(200)
    events = busiest(company)
    assert len(events) > 5
    sick.poison.add(events[1].id)
    settle(company)
    assert waiting(company) == [event.position for event in events[1:]]
    return events


def busiest(company: Company) -> list[Recorded]:
    log = [event for event in company.log() if event.kind == "stock"]
    [(name, _)] = Counter(event.stream for event in log).most_common(1)
    return [event for event in log if event.stream == name]


def settle(company: Company) -> None:
    """Publish and project all there is, by workers that start anew."""
    with (
        running(publishing(company.platform, WorkerLoop("rest"))),
        running(projecting(company.platform)),
    ):
        until(company.is_complete, 60, 0.05)


def waiting(company: Company) -> list[int]:
    with company.platform.database.read() as connection:
        rows = connection.execute(select(progress.parked.c.position).order_by("position"))
        return list(rows.scalars())


def agrees(company: Company, view: View, *without: int) -> None:
    """The view says what the log says, but for what is left out."""
    books = Books(event for event in company.log() if event.position not in without)
    totals, lines = kept(company, view)
    assert lines == books.lines[view.name]
    assert totals == {k: v for k, v in books.totals[view.name].items() if any(v)}


def rebuilt(company: Company, view: View) -> Rebuilt:
    return Rebuild(company.platform.store, company.platform.codec, view).run(lambda *_: None)


def close_all(company: Company) -> None:
    applier = company.applier()
    applier.stand([])
    while applier.roll_up_one("main"):
        pass


def closed(company: Company, view: View, number: int) -> set[Any]:
    column = progress.rolled_up.c
    with company.platform.database.read() as connection:
        blocks = select(column.block).where(column.view == view.name, column.generation == number)
        found = {tuple(row) for row in connection.execute(blocks)}
        assert len(found) == company.head() // rollups.BLOCK
        rows = connection.execute(select(view.tables(number).rollups))
        return found | {tuple(row) for row in rows if any(row[-len(view.measures) :])}
