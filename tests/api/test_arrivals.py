"""Into a closed warehouse nothing comes by any way; what is there leaves, and is put right."""

from typing import Any

CLOSED = "IsClosed"
TEA = {"location": "WH", "item": "tea"}
BACK = {"id": "O2", "lines": [{"line": 1, "quantity": 1}], "reason": "broken"}


def closed(api: Any) -> None:
    for name in ("WH", "WH2"):
        api.done("register-warehouse", id=name, name=name)
    api.done("receive-stock", location="WH2", item="tea", quantity=9, reference="open")
    way = {"item": "tea", "to_location": "WH", "from_location": "WH2"}
    api.done("transfer-stock", transfer="T1", quantity=2, **way)
    api.done("issue-stock", **TEA, quantity=3, reason="sample", reference="I1")
    api.done("close-warehouse", id="WH", reason="flood")
    api.feed()


def test_nothing_comes_into_a_closed_warehouse_whatever_brings_it(sole_company: Any) -> None:
    api = sole_company
    closed(api)
    before = api.get("/stock", **TEA)["data"]
    for slug, body in {
        "return-order": {**BACK, "return_id": "B1"},
        "exchange-order": {
            **BACK,
            "exchange": "X1",
            "replacement": [{"item": "cup", "quantity": 1}],
        },
        "receive-stock": {**TEA, "quantity": 1, "reference": "R", "reason": "return"},
        "adjust-stock": {**TEA, "quantity": 1, "reference": "A", "reason": "found"},
        "request-adjustment": {**TEA, "id": "A1", "quantity": 1, "reason": "found"},
        "count-stock": {**TEA, "counted": 900, "reference": "C"},
        "transfer-stock": {
            "item": "tea",
            "transfer": "T2",
            "quantity": 1,
            "from_location": "WH2",
            "to_location": "WH",
        },
        "receive-transfer": {**TEA, "transfer": "T1", "quantity": 2},
        "post-movement": {
            "movement": "sales_return",
            "location": "WH",
            "lines": [{"item": "tea", "quantity": 1}],
        },
    }.items():
        refused = api.ask(slug, **body)
        assert (refused.status_code, refused.json().get("refusal")) == (409, CLOSED), slug
        assert "WH is closed (flood). Reopen it" in refused.text
    api.feed()
    assert api.get("/stock", **TEA)["data"] == before


def test_what_is_in_a_closed_warehouse_leaves_and_its_book_is_put_right(sole_company: Any) -> None:
    api = sole_company
    closed(api)
    api.feed()
    there = api.get("/stock", **TEA)["data"][0]["on_hand"]
    api.done("cancel-transfer", **TEA, transfer="T1", reason="closed")
    undone = {"document": "issued", "reference": "I1", "reason": "never left"}
    api.done("reverse-movement", **TEA, **undone)
    api.done("adjust-stock", **TEA, quantity=-1, reference="A", reason="broken")
    api.done("count-stock", **TEA, counted=there, reference="C")
    way = {"from_location": "WH", "to_location": "WH2", "item": "tea"}
    api.done("transfer-stock", transfer="T3", quantity=there, **way)
    api.feed()
    assert api.get("/stock", **TEA)["data"][0]["on_hand"] == 0
