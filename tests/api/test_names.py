"""Figures and lists name what their ids stand for, as it was called at the time asked for."""

from typing import Any

import pytest


@pytest.fixture
def trade(both: Any) -> Any:
    both.done("hire-rep", id="li", name="李娜", department="east", region="sh")
    shop = {"customer_kind": "dealer", "owner": "li", "occurred_at": "2026-01-01"}
    both.done("register-customer", id="D1", name="老茶行", **shop)
    both.done("register-warehouse", id="W1", name="总仓")
    goods = {"category": "tea", "unit": "box", "list_price": 100, "currency": "CNY"}
    both.done("add-product", id="tea", name="绿茶", **goods, occurred_at="2026-01-01")
    both.done("receive-stock", location="W1", item="tea", reference="R1", quantity=9)
    sold = {"sale": "S1", "quantity": 1, "amount": 9, "currency": "CNY"}
    both.done("sell-out", location="D1", item="tea", **sold)
    both.done("change-customer-details", id="D1", name="新茶行")
    both.feed()
    return both


def test_a_ranking_names_its_subjects_as_of_then(trade: Any) -> None:
    found = trade.get("/rankings/dealers", by="sell_out_amount", expand="names")
    assert found["names"]["subject"] == {"D1": "新茶行"}
    before = trade.get(
        "/rankings/dealers",
        by="sell_out_amount",
        expand="names",
        as_of=found["freshness"]["position"] - 1,
    )
    assert before["names"]["subject"] == {"D1": "老茶行"}
    assert "names" not in trade.get("/rankings/dealers", by="sell_out_amount")


def test_a_funnel_names_departments_and_regions(trade: Any) -> None:
    for kind, place, name in (("department", "east", "华东销售"), ("region", "sh", "上海")):
        trade.done(f"register-{kind}", id=place, name=name)
    deal = {"customer": "D1", "title": "Gifts", "amount": 1, "currency": "CNY"}
    trade.done("open-opportunity", id="OP1", **deal, expected_close="2099-01-01")
    trade.feed()
    names = trade.get("/funnel", by="department,region", expand="names")["names"]
    assert (names["department"], names["region"]) == ({"east": "华东销售"}, {"sh": "上海"})


def test_stock_names_warehouses_dealers_and_goods(trade: Any) -> None:
    names = trade.get("/stock", expand="names")["names"]
    assert names == {"location": {"D1": "新茶行", "W1": "总仓"}, "item": {"tea": "绿茶"}}
    why = trade.get("/stock/why", location="W1", expand="names")
    assert why["names"]["location"] == {"W1": "总仓"}


def test_lists_and_single_things_name_whom_they_belong_to(trade: Any) -> None:
    expected = {"owner": {"li": "李娜"}, "department": {}, "region": {}}
    assert trade.get("/customers", expand="names")["names"] == expected
    assert trade.get("/customers/D1", expand="names")["names"] == expected


def test_a_file_has_names_in_columns_of_their_own(trade: Any) -> None:
    asked = {"format": "csv", "language": "zh-CN", "expand": "names"}
    head, *rows = trade.client.get("/stock", params=asked).text.lstrip("\ufeff").splitlines()
    assert head.startswith("地点,地点名称,")
    assert {row.split(",")[1] for row in rows} == {"新茶行", "总仓"}
    asked = {"format": "csv", "header": "names", "expand": "names"}
    head, row = trade.client.get("/customers", params=asked).text.lstrip("\ufeff").splitlines()
    assert dict(zip(head.split(","), row.split(","), strict=True))["owner_name"] == "李娜"


def test_a_file_of_reasons_has_a_column_of_names_beside_each_id(trade: Any) -> None:
    asked = {"format": "csv", "header": "names", "expand": "names", "location": "W1"}
    lines = trade.client.get("/stock/why", params=asked).text.lstrip("\ufeff").splitlines()
    rows = [dict(zip(lines[0].split(","), line.split(","), strict=True)) for line in lines[1:]]
    names = trade.get("/stock/why", location="W1", expand="names")["names"]
    assert names["item"]
    for row in rows:
        item = row["dimensions.item"]
        assert row["dimensions.item_name"] == names["item"].get(item, "")
