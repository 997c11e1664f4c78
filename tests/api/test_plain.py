"""Master data is registered, listed, searched, corrected and explained like all else."""

from typing import Any


def test_categories_are_a_tree_that_can_be_looked_up(both: Any) -> None:
    both.done("register-category", id="drinks", name="饮料", occurred_at="2026-01-01")
    both.done("register-category", id="tea", name="茶叶", parent="drinks")
    both.done("register-category", id="green", name="Green tea", parent="tea")
    both.done("change-category", id="green", name="绿茶")
    both.done("close-category", id="green", reason="merged")
    both.feed()
    found = both.get("/categories", parent="drinks")["data"]
    assert [(row["id"], row["name"], row["version"]) for row in found] == [("tea", "茶叶", 1)]
    assert [row["id"] for row in both.get("/categories", q="茶")["data"]] == ["green", "tea"]
    assert both.get("/categories/green")["data"]["closed"] == "merged"
    steps = both.get("/categories/green/history")["data"]
    assert [step["type"] for step in steps] == [
        "CategoryRegistered",
        "CategoryChanged",
        "CategoryClosed",
    ]
    assert steps[1]["changes"] == {"name": {"from": "Green tea", "to": "绿茶"}}
    assert both.get("/categories/green/at/1")["data"]["name"] == "Green tea"


def test_a_unit_tells_what_it_converts_to(both: Any) -> None:
    both.done("register-unit", id="bottle", name="瓶")
    both.done("register-unit", id="case", name="箱", base="bottle", factor=24)
    both.feed()
    [case] = both.get("/units", base="bottle")["data"]
    assert (case["name"], case["factor"], case["closed"]) == ("箱", 24, None)
