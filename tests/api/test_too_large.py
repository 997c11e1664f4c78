"""A sum that cannot be shown is a problem that says so, and never another figure."""

from datetime import timedelta
from typing import Any

from aggregates.inventory.stock import StockSold
from infra.clock import iso, micros
from infra.events import Entry
from tests.scenario import NOON

MOST = 2**63 - 1
YESTERDAY = NOON - timedelta(days=1)


def sold(api: Any, version: int, amount: int, at: Any) -> Entry:
    event = StockSold("dealer", f"s{version}", 1, amount, "CNY", None, at)
    data = api.platform.codec.encode(event)
    return Entry("stock-D:tea", version, "StockSold", 1, micros(at), "a", "c", "c", None, data)


def test_a_sum_beyond_64_bits_is_a_problem_in_both_languages(both: Any) -> None:
    store = both.platform.store
    sales = [
        sold(both, 1, -MOST, YESTERDAY),
        sold(both, 2, MOST, NOON),
        sold(both, 3, MOST - 9, NOON),
    ]
    with store.database.write() as connection:
        store.write(connection, store.lock(connection), sales)
    both.feed()
    path = f"/rankings/products?by=sell_out_amount&first={iso(micros(NOON))[:10]}"
    for language in ("en", "zh-CN"):
        answer = both.client.get(path, headers={"Accept-Language": language})
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/figure-too-large")
    assert "64 位" in answer.json()["title"]
    (row,) = both.get("/rankings/products", by="sell_out_amount")["data"]
    assert row["sell_out_amount"] == MOST - 9
