"""A view that does something else first whenever it is given events, and what becomes of it."""

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from itertools import count

from sqlalchemy import Connection, select, text

from commands.inventory.stock import ReceiveStock
from projections.engine import DecodedEvent, Failed, View, generations, view_status
from projections.inventory import dealer_stock
from services.bootstrap import Platform, request

NUMBERS = count()
SICK = "dealer_stock"


class Sick(View):
    before: Callable[[Connection], object] = staticmethod(lambda _: None)

    def apply(
        self, connection: Connection, generation: int, batch: Sequence[DecodedEvent]
    ) -> list[Failed]:
        if batch:
            type(self).before(connection)
        return super().apply(connection, generation, batch)


def with_sick(platform: Platform) -> Platform:
    """The same platform, whose stock at dealers is such a view; it is well as yet."""
    Sick.before = staticmethod(lambda _: None)
    sick = Sick(**{one.name: getattr(dealer_stock.view, one.name) for one in fields(View)})
    views = [sick if view.name == SICK else view for view in platform.views]
    return replace(platform, views=views)


def receive(platform: Platform, pieces: int = 3) -> None:
    for _ in range(pieces):
        what = ReceiveStock(location="WH", item="tea", quantity=1, reference=f"r{next(NUMBERS)}")
        platform.executor.execute(request(what, "tester"))


def stood(platform: Platform) -> dict[str, int]:
    with platform.database.read() as connection:
        found = view_status.statuses(connection, platform.views, platform.store.log)
        return {view: one.position for view, one in found.items()}


def others_are_complete(platform: Platform, head: int) -> bool:
    return all(at == head for view, at in stood(platform).items() if view != SICK)


def is_whole(platform: Platform, pieces: int) -> bool:
    view = platform.view(SICK)
    assert isinstance(view, View)
    with platform.database.read() as connection:
        number = generations.generation(connection, SICK)
        rows = connection.execute(select(view.tables(number).ledger.c.position)).scalars().all()
    assert len(rows) == len(set(rows))
    return len(rows) == pieces


def fail(_: Connection) -> None:
    raise RuntimeError("a bug of this view")


def look_into_what_is_gone(connection: Connection) -> None:
    connection.execute(text("SELECT 1 FROM gone"))
