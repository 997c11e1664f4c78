"""Settings over the API: read by whom they concern, changed from an instant on, and reckoned by."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from commands import registers
from infra.clock import iso, micros

EARNING = "/settings/loyalty.earning"
DAY = timedelta(days=1)


def change(api: Any, **more: Any) -> dict[str, Any]:
    body = {"id": "loyalty.earning", "values": {"points": 2}, "reason": "autumn"}
    found: dict[str, Any] = api.done("change-settings", **(body | more))
    return found


def ahead(api: Any) -> str:
    now = datetime.fromisoformat(api.get("/events/1")["recorded_at"])
    return iso(micros(now + DAY))


def enrolled(api: Any) -> None:
    api.done("enrol-member", id="M1", name="Sun", phone="1")


def earned(api: Any, purchase: str) -> dict[str, Any]:
    body = {"id": "M1", "purchase": purchase, "amount": 5_000, "currency": "CNY"}
    position = api.done("earn-points", **body)["position"]
    found: dict[str, Any] = api.get(f"/events/{position}")["data"]
    return found


@pytest.mark.capability("PL-15")
def test_settings_work_from_the_first_day_with_their_defaults(both: Any) -> None:
    found = both.get(EARNING)
    assert found["values"] == found["defaults"] == {"points": 1, "per": 1, "years": 1}
    assert (found["version"], found["valid_from"], found["next"]) == (0, None, None)
    ids = [one["id"] for one in both.get("/settings")["data"]]
    assert {"loyalty.earning", "inventory.reservations"} <= {*ids}


@pytest.mark.capability("PL-15")
def test_a_purchase_earns_by_the_settings_of_its_day_and_names_them(both: Any) -> None:
    enrolled(both)
    assert (earned(both, "P1")["points"], earned(both, "P2")["settings"]) == (50, None)
    change(both)
    event = earned(both, "P3")
    assert (event["points"], event["settings"]) == (100, "loyalty.earning:1")


def test_a_repeat_after_a_change_is_the_purchase_that_was_recorded(both: Any) -> None:
    enrolled(both)
    earned(both, "P1")
    change(both)
    body = {"id": "M1", "purchase": "P1", "amount": 5_000, "currency": "CNY"}
    assert both.done("earn-points", **body)["repeated"]


def test_what_comes_back_is_reckoned_as_it_was_when_it_was_bought(both: Any) -> None:
    both.done("hire-rep", id="li", name="Li", department="east", region="east")
    both.done("register-customer", id="D", name="Shop", customer_kind="dealer", owner="li")
    price = {"list_price": 500, "cost": 1, "currency": "CNY"}
    both.done("add-product", id="tea", name="Tea", category="x", unit="box", **price)
    enrolled(both)
    change(both, values={"points": 3})
    lines = [{"item": "tea", "quantity": 2, "amount": 10_000}]
    bought = {"id": "M1", "purchase": "P1", "dealer": "D", "currency": "CNY", "lines": lines}
    both.done("record-purchase", **bought)
    change(both, values={"points": 1})
    back = {"purchase": "P1", "return_id": "R", "lines": [{"item": "tea", "quantity": 1}]}
    both.done("return-purchase", id="M1", **back)
    (event,) = both.get("/events", stream="member-M1", type="PurchaseReturned")["data"]
    assert event["data"]["points"] == 150


def test_the_next_change_is_shown_and_the_past_is_kept(both: Any) -> None:
    change(both)
    later = ahead(both)
    change(both, values={"per": 10}, valid_from=later, reason="fewer points")
    found = both.get(EARNING)
    assert (found["version"], found["values"]["per"]) == (1, 1)
    assert found["next"]["values"] == {"points": 2, "per": 10, "years": 1}
    assert found["next"]["valid_from"] == later
    assert both.get(EARNING, at=later)["values"]["per"] == 10
    first, second = both.get(f"{EARNING}/history")["data"]
    assert (first["before"]["points"], first["values"]["points"]) == (1, 2)
    assert (second["changed"], second["actor"]) == (["per"], first["actor"])
    assert (second["reason"], second["before"]["per"]) == ("fewer points", 1)


def test_a_change_for_a_business_day_holds_from_its_beginning_on(both: Any) -> None:
    change(both, valid_from="2099-01-01")
    assert both.get(EARNING)["next"]["valid_from"] == "2098-12-31T16:00:00.000000Z"
    assert both.get(EARNING, at="2098-12-31T23:59:59+08:00")["values"]["points"] == 1


def test_what_was_changed_last_is_a_record_like_any_other(both: Any) -> None:
    first = change(both)
    change(both, values={"per": 10}, valid_from=ahead(both), reason="fewer points")
    both.feed()
    (row,) = both.get("/settings_changes", context="loyalty")["data"]
    assert (row["id"], row["number"], row["changed"]) == ("loyalty.earning", 2, ["per"])
    assert {"name": "per", "value": "10"} in row["values"]
    (then,) = both.get("/settings_changes", as_of=first["position"])["data"]
    assert (then["number"], then["reason"]) == (1, "autumn")


def test_a_change_names_the_version_that_was_seen(both: Any) -> None:
    change(both)
    tag = both.client.get(EARNING).headers["ETag"]
    headers = {"Idempotency-Key": "k1", "If-Match": tag}
    body = {"id": "loyalty.earning", "values": {"points": 3}, "reason": "x"}
    assert both.client.post("/commands/change-settings", json=body, headers=headers).is_success
    headers["Idempotency-Key"] = "k2"
    body["values"] = {"points": 4}
    stale = both.client.post("/commands/change-settings", json=body, headers=headers)
    assert stale.status_code == 412


def test_a_wrong_value_is_named_by_its_label(both: Any) -> None:
    body = {"id": "loyalty.earning", "values": {"per": 0, "x": 1}, "reason": "x"}
    answer = both.ask("change-settings", **body)
    assert answer.status_code == 422
    faults = {one["pointer"]: one for one in answer.json()["errors"]}
    assert faults.keys() == {"#/values/per", "#/values/x"}
    assert faults["#/values/per"]["label"] == "Per"


def test_there_are_no_settings_of_another_name(both: Any) -> None:
    assert both.client.get("/settings/loyalty.nothing").status_code == 404
    body = {"id": "loyalty.nothing", "values": {"points": 2}, "reason": "x"}
    assert both.ask("change-settings", **body).status_code == 422


def test_the_catalogue_describes_each_setting_for_a_form(both: Any) -> None:
    parts = {one["name"]: one for one in both.get("/catalogue", language="zh-CN")["settings"]}
    earning = parts["loyalty.earning"]
    assert earning["label"] == "积分获取"
    assert earning["schema"]["properties"]["per"]["title"] == "每多少货币单位"
    assert [one["name"] for one in earning["fields"]] == ["points", "per", "years"]
    days = parts["inventory.reservations"]["fields"][0]
    assert (days["unit"], days["nullable"]) == ("days", True)


def test_no_rule_waits_for_who_or_what_never_was(api: Any) -> None:
    api.done("register-department", id="sales", name="Sales")
    api.done("hire-rep", id="li", name="Li", department="sales", region="east")
    none = "there-is-none"
    route = {"name": "r", "document": "order", "steps": [{"signers": [{"account": none}]}]}
    pool = {"name": "p", "department": none, "periods": [{"follow_up_days": 9}]}
    rules = {"leads.assignment": {"rules": [{"name": "web", "reps": ["li", none]}]}}
    rules["opportunities.deal_types"] = {"types": [{"deal_type": "shop", "pipeline": none}]}
    rules |= {"approvals.routes": {"routes": [route]}, "customers.pools": {"pools": [pool]}}
    registers.use(checked=True)
    try:
        for one, values in (*rules.items(), ("orders.steps", {"payment": none})):
            refused = api.ask("change-settings", id=one, values=values, reason="x")
            assert (refused.status_code, refused.json()["refusal"]) == (404, "Unknown"), one
            assert none in refused.json()["detail"]
        for values in ({"payment": "finance"}, {"payment": None}):
            api.done("change-settings", id="orders.steps", values=values, reason="x")
    finally:
        registers.use(checked=False)
