"""People are looked up by name; who buys every day has no version for every purchase."""

from typing import Any


def test_a_representative_is_found_by_name_and_a_customer_tells_its_contacts(both: Any) -> None:
    both.done("hire-rep", id="li", name="李娜", department="east", region="sh")
    both.done("register-customer", id="C1", name="茶行", customer_kind="dealer", owner="li")
    both.done("add-contact", id="C1", contact="wang", name="王芳", phone="13900000000")
    both.done("change-contact", id="C1", contact="wang", title="经理")
    both.done("add-contact", id="C1", contact="zhao", name="赵强")
    both.done("remove-contact", id="C1", contact="zhao")
    both.feed()
    [found] = both.get("/reps", q="lina")["data"]
    assert (found["id"], found["name"]) == ("li", "李娜")
    [contact] = both.get("/customers/C1")["data"]["contacts"]
    assert (contact["contact"], contact["name"], contact["title"]) == ("wang", "王芳", "经理")
    assert both.get("/customers/C1/history")["data"][2]["changes"]["contacts"]["to"] == [contact]


def test_a_member_is_changed_by_its_etag_however_much_was_bought_since(both: Any) -> None:
    both.done("enrol-member", id="M1", name="张伟", program="gold")
    for purchase in ("P1", "P2"):
        both.done("earn-points", id="M1", purchase=purchase, points=5)
    both.feed()
    answer = both.client.get("/members/M1")
    assert answer.json()["data"]["version"] == 1
    assert answer.headers["ETag"] == '"3"'
    assert len(both.get("/members/M1/history")["data"]) == 1
    changed = both.client.post(
        "/commands/change-member-details",
        json={"id": "M1", "name": "张大伟"},
        headers={"If-Match": answer.headers["ETag"], "Idempotency-Key": "change-1"},
    )
    assert changed.status_code == 200, changed.text


def test_what_waits_and_where_goods_are_kept_can_be_listed(both: Any) -> None:
    both.done("hire-rep", id="li", name="Li", department="east", region="sh")
    both.done("register-customer", id="C1", name="Shop", customer_kind="retailer", owner="li")
    goods = {"category": "tea", "unit": "box", "list_price": 100, "currency": "CNY"}
    both.done("add-product", id="tea", name="Tea", **goods)
    both.done("receive-stock", location="W1", item="tea", reference="R1", quantity=1)
    both.done("define-pipeline", id="short", stages=[{"stage": "seen"}, {"stage": "tried"}])
    both.feed()
    [stock] = both.get("/stocks", item="tea")["data"]
    assert (stock["id"], stock["location"], stock["holder"]) == ("W1:tea", "W1", "warehouse")
    assert both.get("/pipelines/short")["data"]["stages"][1]["stage"] == "tried"
    assert both.get("/backlogs")["data"] == []
