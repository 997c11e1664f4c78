"""A view is made anew while everybody reads it, and nobody notices but whoever asked for it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import accumulate
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import func, select
from waiting import until
from workers.books import balanced, kept
from workers.company import Company, busy, running

from infra.codec import Codec
from projections.engine import View, generations, progress, reading
from projections.inventory import dealer_stock
from projections.targets import rankings
from services.commandline.loops import WorkerLoop, publishing
from services.commandline.projecting import projecting
from services.workers import rebuild
from services.workers.building import IncompleteSource
from services.workers.rebuild import Rebuild, Rebuilt, roll_back


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that few events are many batches."""
    monkeypatch.setattr(rebuild, "READ", 40)
    monkeypatch.setattr(rebuild, "NEAR", 30)


def rebuilt(company: Company, view: View, *, accept: bool = False) -> Rebuilt:
    work = Rebuild(company.platform.store, company.platform.codec, view)
    return work.run(lambda *_: None, accept=accept)


def settle(company: Company) -> int:
    """Publish and project all there is; the figures are those of the log."""
    with (
        running(publishing(company.platform, WorkerLoop("rest"))),
        running(projecting(company.platform)),
    ):
        until(company.is_complete, 60, 0.05)
    return balanced(company)


class Reader(Thread):
    """Reads a figure that only ever grows, all the while, and what was promised before."""

    def __init__(self, company: Company) -> None:
        super().__init__()
        self.company, self.stopping = company, Event()
        self.seen: list[tuple[int, int]] = []
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            while not self.stopping.is_set():
                promised = self.company.complete(rankings.view)
                self.seen.append((promised, self._figure()))
        except Exception as error:  # noqa: BLE001 - told in the test's own thread
            self.error = error

    def _figure(self) -> int:
        with self.company.platform.database.read() as connection:
            totals = reading.tables(connection, rankings.view).totals
            figure = func.coalesce(func.sum(totals.c.sell_out_quantity), 0)
            return int(
                connection.execute(select(figure).where(totals.c.board == "products")).scalar_one()
            )

    @contextmanager
    def reading(self) -> Iterator[None]:
        self.start()
        try:
            yield
        finally:
            self.stopping.set()
            self.join(20)


@pytest.mark.timeout(120)
def test_a_rebuild_under_load_disturbs_no_reader(company: Company) -> None:
    reader = Reader(company)
    with busy(company), running(projecting(company.platform)), reader.reading():
        until(lambda: company.complete(rankings.view) > 100, 30, 0.05)
        a_sort = {type(view): view for view in company.platform.views}.values()
        done = [rebuilt(company, view) for view in (rankings.view, *a_sort, rankings.view)]
        until(partial(_goes_on, company, company.head()), 20, 0.05)
        until(lambda: len({figure for _, figure in [*reader.seen]}) > 5, pause=0.05)
    assert [one.switched for one in done] == [True] * len(done)
    assert [one.generation for one in done] == [*[2] * (len(done) - 1), 3]
    settle(company)
    assert reader.error is None
    log = company.log()
    sold = [company.platform.codec.decode(e.type, e.schema, e.data).quantity
            if e.type == "StockSold" else 0 for e in log]  # fmt: skip
    by_then = [0, *accumulate(sold)]
    assert all(figure >= by_then[promised] for promised, figure in reader.seen)
    assert len({figure for _, figure in reader.seen}) > 5
    print(f"{len(reader.seen)} reads")


def _goes_on(company: Company, after: int) -> bool:
    """Whether the workers feed the generations that answer now."""
    return all(company.complete(view) > after for view in company.platform.views)


class Killed(Exception):
    """The process is gone."""


def killed_after(batches: int) -> Callable[[int, int], None]:
    left = iter(range(batches))

    def report(position: int, goal: int) -> None:
        if next(left, None) is None:
            raise Killed

    return report


def test_a_rebuild_that_was_killed_goes_on_where_it_was(company: Company) -> None:
    company.work(500)
    settle(company)
    for kill in range(1, 4):
        work = Rebuild(company.platform.store, company.platform.codec, dealer_stock.view)
        assert work.new == 2
        with pytest.raises(Killed):
            work.run(killed_after(2))
        _, lines = kept(company, dealer_stock.view, 2)
        assert 0 < max(at for at, _ in lines) <= 80 * kill
        company.work(20)
    seen: list[int] = []
    last = Rebuild(company.platform.store, company.platform.codec, dealer_stock.view)
    assert last.run(lambda position, _: seen.append(position)).switched
    assert seen[0] >= 120
    settle(company)


def doubled(recorded: Any, event: Any) -> Iterator[Any]:
    for change in dealer_stock.rows(recorded, event):
        yield change._replace(outflow=change.outflow * 2)


def test_a_view_whose_figures_change_is_switched_only_if_that_is_accepted(company: Company) -> None:
    company.work(200)
    settle(company)
    changed = replace(dealer_stock.view, rows=doubled)
    first = rebuilt(company, changed)
    assert not first.switched
    assert {side for side, _ in first.differences} == {"old", "new"}
    balanced(company)
    second = rebuilt(company, changed, accept=True)
    assert second.switched
    before, _ = kept(company, dealer_stock.view, 1)
    after, _ = kept(company, dealer_stock.view)
    assert {key: [*sums[:3], sums[3] * 2, *sums[4:]] for key, sums in before.items()} == after
    company.work(50)
    assert roll_back(company.platform.store, company.platform.codec, dealer_stock.view) == 1
    assert settle(company) > second.position


def test_there_is_nothing_to_go_back_to_before_the_first_rebuild(company: Company) -> None:
    with pytest.raises(LookupError, match="no earlier generation"):
        roll_back(company.platform.store, company.platform.codec, dealer_stock.view)


def test_a_rebuild_that_is_ahead_of_the_view_it_replaces_begins_anew(company: Company) -> None:
    """It was killed, then the view was rolled back to a generation that had stood still.

    Neither is anything counted twice, nor does it differ from what it is compared with.
    """
    view = dealer_stock.view
    company.work(100)
    settle(company)
    assert rebuilt(company, view).switched
    company.work(200)
    settle(company)
    work = Rebuild(company.platform.store, company.platform.codec, view)
    with pytest.raises(Killed):
        work.run(killed_after(5))
    assert roll_back(company.platform.store, company.platform.codec, view) == 1
    again = rebuilt(company, view)
    assert (again.generation, again.switched) == (work.new, True)
    company.work(20)
    settle(company)


def test_what_is_parked_in_the_old_is_read_by_the_new(company: Company) -> None:
    """A build that knows the event heals the view by making it anew."""
    company.work(200)
    with company.publishing() as work:
        work.drain()
    known = dict(company.platform.codec.known)
    older = Codec({name: kind for name, kind in known.items() if name != "StockSold"})
    applier = company.applier([dealer_stock.view])
    applier.codec = older
    applier.stand([])
    applier.apply(company.delivered())
    with company.platform.database.read() as connection:
        assert progress.parked_streams(connection, "dealer_stock", 1)
    healed = rebuilt(company, dealer_stock.view, accept=True)
    assert (healed.switched, healed.parked) == (True, 0)
    settle(company)


def test_a_view_that_has_events_of_another_log_is_not_made_from_this_one(company: Company) -> None:
    company.work(20)
    settle(company)
    view, platform = dealer_stock.view, company.platform
    place = progress.CheckpointKey(view.name, 1, *progress.LOG, "south")
    with platform.database.write() as connection:
        progress.enter(connection, {place: progress.Checkpoint(7, 0)})
    with pytest.raises(IncompleteSource, match="dealer_stock has events of south as well"):
        Rebuild(platform.store, platform.codec, view)
    with platform.database.read() as connection:
        assert generations.generation(connection, view.name) == 1
