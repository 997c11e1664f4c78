"""Many commands at once: rows rest on each other in any order, and each says how it went."""

from typing import Any

LI = {"id": "li", "name": "Li", "department": "east", "region": "shanghai"}
DEAL = {"id": "D1", "customer": "C1", "title": "Deal", "amount": 5, "currency": "CNY"}
CUSTOMER = {"id": "C1", "name": "One", "customer_kind": "dealer", "owner": "li"}
BACKWARDS = [
    {"command": "advance-opportunity", "body": {"id": "D1", "stage": "proposal"}, "expected": "*"},
    {"command": "open-opportunity", "body": DEAL},
    {"command": "register-customer", "body": CUSTOMER},
    {"command": "hire-rep", "body": LI},
]


def batch(api: Any, rows: list[dict[str, Any]], key: str = "b1", **headers: str) -> Any:
    sent = {"Idempotency-Key": key} | headers
    return api.client.post("/commands", json=rows, headers=sent).json()


def test_rows_that_rest_on_later_rows_take_effect(both: Any) -> None:
    found = batch(both, BACKWARDS)
    assert [row["status"] for row in found["outcomes"]] == [200, 201, 201, 201]
    assert [row["row"] for row in found["outcomes"]] == [0, 1, 2, 3]
    types = [event["type"] for event in both.get("/events")["data"]]
    assert types[0] == "RepHired"
    assert "OpportunityAdvanced" in types[-1]
    again = batch(both, BACKWARDS)
    assert (again["done"], both.get("/events")["head"]) == (4, len(types))
    assert all(row["repeated"] for row in again["outcomes"])


def test_a_row_that_stays_refused_says_which_it_is_and_works_once_its_like_is_there(
    both: Any,
) -> None:
    rows = [*BACKWARDS[1:3], {"command": "hire-rep", "body": {**LI, "id": "wu"}}]
    found = batch(both, rows)
    assert [row["status"] for row in found["outcomes"]] == [404, 404, 201]
    assert [row["row"] for row in found["outcomes"] if row["status"] == 404] == [0, 1]
    both.done("hire-rep", **LI)
    again = batch(both, rows)
    assert [row["status"] for row in again["outcomes"]] == [201, 201, 201]
    assert [row["repeated"] for row in again["outcomes"]] == [False, False, True]


def test_a_row_is_told_what_a_row_can_do_about_a_version_that_it_has_not_seen(api: Any) -> None:
    api.done("hire-rep", **LI)
    move = {"command": "move-rep", "body": {"id": "li", "department": "west", "region": "x"}}
    said = {}
    for spoken in ("en", "zh-CN"):
        headers = {"Accept-Language": spoken}
        [row] = batch(api, [move], **headers)["outcomes"]
        assert row["status"] == 428
        said[spoken] = row["detail"]
        assert '"expected": 1' in row["detail"]
        assert '"expected": "*"' in row["detail"]
        assert "If-Match" not in row["detail"]
    assert not said["zh-CN"].isascii()
    [row] = batch(api, [move | {"expected": "*"}])["outcomes"]
    assert row["status"] == 200


def test_what_a_row_has_seen_is_a_version_or_any(api: Any) -> None:
    for expected in (True, "1", -1, 1.0, "any"):
        row = {"command": "hire-rep", "body": LI, "expected": expected}
        [fault] = batch(api, [row])["errors"]
        assert fault["pointer"] == "#/0/expected"
        assert '"*"' in fault["message"]
