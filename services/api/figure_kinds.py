"""The figures that can be asked: their addresses, what they are of, and the shape of their rows."""

from collections.abc import Callable
from typing import Any, NamedTuple

from pydantic import BaseModel

from projections.engine import View
from projections.inventory import dealer_stock, transit
from projections.opportunities import deals, funnel
from projections.targets import rankings
from services.api import asking, asking_deals, schemas, schemas_deals
from services.api.asking import ReadQuery
from services.api.deals import DealsOverTime as Deals
from services.api.figures import Figures


class Figure(NamedTuple):
    """`address` answers rows of a shape; `address`/why tells the events behind them."""

    name: str
    address: str
    view: View
    asked: type[ReadQuery]
    row: type[BaseModel]
    answer: Callable[..., Any]
    board: str | None = None
    """What is ranked, where it is a ranking."""

    @property
    def path(self) -> str:
        """The address as the OpenAPI document has it: one of all boards."""
        return self.address if self.board is None else "/rankings/{board}"

    @property
    def about(self) -> str:
        return " ".join((self.answer.__doc__ or "").split())


def _ranking(board: str) -> Figure:
    shape = asking.Ranking, schemas.RankingRow, Figures.ranking
    return Figure(f"rankings-{board}", f"/rankings/{board}", rankings.view, *shape, board)


FIGURES: tuple[Figure, ...] = (
    Figure("funnel", "/funnel", funnel.view, asking.Funnel, schemas.FunnelRow, Figures.funnel),
    Figure(
        "series",
        "/funnel/series",
        deals.view,
        asking_deals.Series,
        schemas_deals.SeriesRow,
        Deals.series,
    ),
    Figure(
        "cohorts",
        "/funnel/cohorts",
        deals.view,
        asking_deals.Cohorts,
        schemas_deals.CohortRow,
        Deals.cohorts,
    ),
    Figure(
        "open",
        "/funnel/open",
        deals.view,
        asking_deals.Open,
        schemas_deals.OpenDeal,
        Deals.open,
    ),
    Figure(
        "stock", "/stock", dealer_stock.view, asking.StockQuery, schemas.StockRow, Figures.stock
    ),
    Figure(
        "transit",
        "/stock/transit",
        transit.view,
        asking.Transit,
        schemas_deals.TransitRow,
        Figures.transit,
    ),
    *(_ranking(board) for board in rankings.BOARDS),
)
