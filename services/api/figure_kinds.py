"""The figures that can be asked: their addresses, what they are of, and the shape of their rows."""

from typing import NamedTuple, get_type_hints

from pydantic import BaseModel

from projections.engine import View
from projections.inventory import dealer_stock, transit
from projections.opportunities import deals, funnel
from projections.targets import rankings
from services.api import asking, asking_deals, schemas, schemas_deals
from services.api.asking import Asked


class Figure(NamedTuple):
    """`address` answers rows of a shape; `address`/why tells the events behind them."""

    name: str
    address: str
    view: View
    asked: type[Asked]
    row: type[BaseModel]
    measures: tuple[str, ...] = ()
    """Those that are recorded; all numbers of a row, unless told otherwise."""

    def fields(self) -> dict[str, object]:
        """The fields of a row with their types."""
        hints = get_type_hints(self.row, include_extras=True)
        return {name: hints[name] for name in self.row.model_fields}


FIGURES: tuple[Figure, ...] = (
    Figure("funnel", "/funnel", funnel.view, asking.Funnel, schemas.FunnelRow),
    Figure("series", "/funnel/series", deals.view, asking_deals.Series, schemas_deals.SeriesRow),
    Figure("cohorts", "/funnel/cohorts", deals.view, asking_deals.Cohorts, schemas_deals.CohortRow),
    Figure("open", "/funnel/open", deals.view, asking_deals.Open, schemas_deals.OpenDeal),
    Figure("stock", "/stock", dealer_stock.view, asking.Stock, schemas.StockRow),
    Figure("transit", "/stock/transit", transit.view, asking.Transit, schemas_deals.TransitRow),
    *(
        Figure(
            f"rankings-{board}",
            f"/rankings/{board}",
            rankings.view,
            asking.Ranking,
            schemas.RankingRow,
            ranked,
        )
        for board, ranked in rankings.RANKED.items()
    ),
)
