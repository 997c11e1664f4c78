"""The sales of a grocery chain can be read as events, for the log and for the peers."""

from itertools import islice
from pathlib import Path

from infra.settings import Settings
from services.bootstrap import platform
from tests.performance import journey
from tests.performance.peers.sales import Sales


def test_a_week_of_sales_is_a_log(tmp_path: Path) -> None:
    made = platform(Settings(data=tmp_path))
    entries = list(islice(journey.entries(made, range(1, 2)), 50))
    made.close()
    assert {entry.type for entry in entries} == {"PointsEarned", "StockSold"}


def test_the_first_sales_are_summed_as_they_are_sent() -> None:
    sales = Sales(100)
    assert sum(lines for lines, _, _ in sales.sums().values()) == 100
    assert sum(event.quantity for _, _, event in sales.rows()) == sum(
        quantity for _, quantity, _ in sales.sums().values()
    )
