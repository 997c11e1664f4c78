"""What a company knows of its customers, in fields that all have and in fields of its own."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from api.conftest import Api
from api.test_imports import ended
from api.test_public_pool import PoolInTime
from api.test_sheets import exported

FIELDS = [
    {"field": "own_number_1", "name": "Shelf metres", "name_zh": "货架米数", "most": 500},
    {
        "field": "own_text_1",
        "name": "Trade format",
        "name_zh": "业态",
        "choices": [{"value": "便利店"}, {"value": "超市"}],
    },
    {"field": "own_date_1", "name": "Opened on", "name_zh": "开业日期"},
]
SHOP = {"customer_kind": "retailer", "owner": "li"}


@pytest.fixture
def shops(api: Api) -> Api:
    api.done("hire-rep", id="li", name="Li", department="sales", region="east")
    settle(api, "customers.fields", fields=FIELDS)
    return api


@pytest.fixture
def idle(api: Api) -> PoolInTime:
    return PoolInTime(api)


def settle(api: Api, settings: str, **values: Any) -> None:
    api.done("change-settings", id=settings, values=values, reason="as we work")
    api.client.app.state.permissions.forget()


def rows(api: Api, *fields: str, **asked: str) -> list[list[Any]]:
    api.feed()
    found = api.get("/customers", fields=",".join(("id", *fields)), **asked)["data"]
    return [list(row.values()) for row in found]


@pytest.mark.capability("CU-01")
def test_a_customer_is_known_by_what_all_have_and_by_the_companys_own_fields(shops: Api) -> None:
    told = {"industry": "food", "size": "small", "source": "fair", "customer_class": "key"}
    own = {"own_number_1": 40, "own_text_1": "超市", "own_date_1": "2019-05-01"}
    shops.done("register-customer", id="C1", name="Tea house", **SHOP, **told, **own)
    shops.done("register-customer", id="C2", name="Kiosk", **SHOP, own_number_1=3)
    shops.done("change-customer-details", id="C2", own_text_1="便利店", size="micro")
    assert rows(shops, "size", "own_number_1", **{"own_number_1.lt": "10"}) == [["C2", "micro", 3]]
    assert rows(shops, own_text_1="超市", industry="food", customer_class="key") == [["C1"]]
    assert rows(shops, where="own_date_1.lt=2020-01-01") == [["C1"]]
    steps = shops.get("/customers/C2/history")["data"]
    assert steps[-1]["changes"]["own_text_1"] == {"from": None, "to": "便利店"}


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ({"field": "own_number_1", "least": 5, "most": 1}, "nothing lies from 5 to 1"),
        ({"field": "own_number_1", "least": 0, "most": -1}, "0"),
        (
            {"field": "own_text_1", "choices": [{"value": "a"}, {"value": "a"}]},
            "a is a choice twice",
        ),
    ],
)
def test_a_field_that_nothing_fits_is_not_declared(api: Api, field: Any, said: str) -> None:
    values = {"fields": [{"name": "Shelf", **field}]}
    no = api.ask("change-settings", id="customers.fields", values=values, reason="x")
    assert no.status_code in (409, 422)
    assert said in no.text


def test_what_no_sheet_and_no_table_can_hold_is_not_written(shops: Api) -> None:
    for name in ("Tea\x00house", "Tea\x07house"):
        no = shops.ask("register-customer", id="C1", name=name, **SHOP)
        assert (no.status_code, "control characters" in no.text) == (422, True), no.text
    shops.done("register-customer", id="C1", name="Tea\thouse 茶", **SHOP)


def test_what_follows_nothing_may_be_as_old_as_dates_go(shops: Api) -> None:
    old = {"occurred_at": "1950-05-01"}
    shops.done("register-customer", id="C1", name="Old house", **SHOP, **old)
    talk = {"customer": "C1", "interaction": "1", "way": "call", "text": "By letter"}
    shops.done("record-interaction", **talk, **old)
    shops.feed()
    assert shops.get("/interactions/C1:1")["data"]["happened_at"].startswith("1950-04-30T16")


@pytest.mark.capability("CU-01")
def test_a_field_of_the_companys_own_holds_what_the_settings_say(shops: Api) -> None:
    for own, said in (
        ({"own_text_1": "集市"}, "便利店"),
        ({"own_number_1": 501}, "Shelf metres lies from 0 to 500"),
        ({"own_text_2": "x"}, "own_number_1 (Shelf metres)"),
    ):
        answer = shops.ask("register-customer", id="C1", name="A", **SHOP, **own)
        assert (answer.status_code, said in answer.json()["detail"]) == (409, True), answer.text
    settle(shops, "customers.fields", fields=[{**FIELDS[0], "required": True}])
    assert "required" in shops.ask("register-customer", id="C1", name="A", **SHOP).text
    shops.done("register-customer", id="C1", name="A", **SHOP, own_number_1=5)
    assert shops.ask("change-customer-details", id="C1", own_number_1=None).status_code == 409
    unknown = shops.client.get("/customers", params={"own_text_1": "超市"})
    assert unknown.status_code == 400


@pytest.mark.capability("CU-01")
def test_own_fields_are_called_by_their_names_in_forms_files_and_imports(shops: Api) -> None:
    table = [
        ["编号", "名称", "customer_kind", "负责人", "货架米数", "业态", "开业日期"],
        ["C1", "茶馆", "零售商", "li", "40", "超市", "2019-05-01"],
        ["C2", "小店", "零售商", "li", "600", "便利店", ""],
    ]
    how = {"command": "register-customer", "name": "shops.csv", "partial": "true"}
    lines = "\n".join(",".join(row) for row in table).encode()
    headers = {"Idempotency-Key": "shops", "Content-Type": "text/csv"}
    sent = shops.client.post("/imports", params=how, content=lines, headers=headers)
    found = ended(shops, sent)
    assert (found["accepted"], found["refused"]) == (1, 1), found["faults"]
    shops.feed()
    head, row = exported(shops, "/customers", "csv", "zh-CN")
    assert row[head.index("货架米数")] == "40"
    assert "自定义文本 2" not in head
    catalogue = shops.get("/catalogue", language="zh-CN")
    command = next(one for one in catalogue["commands"] if one["name"] == "register-customer")
    form = {one["name"]: one for one in command["fields"]}
    assert [one["value"] for one in form["own_text_1"]["choices"]] == ["便利店", "超市"]
    assert form["own_number_1"]["label"] == "货架米数"
    assert "own_text_2" not in form
    assert "own_text_2" not in command["schema"]["properties"]


@pytest.mark.capability("CU-02")
def test_a_customers_class_says_when_it_is_contacted_and_when_it_goes_to_the_pool(
    idle: PoolInTime,
) -> None:
    classes = [{"name": "key", "contact_days": 10}, {"name": "other"}]
    settle(idle.api, "customers.classes", classes=classes)
    periods = [{"customer_class": "key", "follow_up_days": 60}, {"follow_up_days": 30}]
    idle.settle(pools=[{"name": "sales", "department": "sales", "periods": periods}])
    for name in ("C1", "C2"):
        idle.register(name, "li")
    refused = idle.api.ask("change-customer-details", id="C1", customer_class="kye")
    assert "there are key, other" in refused.json()["detail"]
    idle.api.done("change-customer-details", id="C1", customer_class="key")
    talk = {"interaction": "1", "way": "call", "text": "They want tea"}
    for name in ("C1", "C2"):
        assert idle.ask("li", "record-interaction", customer=name, **talk).status_code == 201
    idle.later(0)
    (task,) = idle.api.get("/tasks", owner="li")["data"]
    assert (task["customer"], task["due"][:10]) == ("C1", days_on(idle, 10))
    idle.later(35)
    assert [idle.shown(name)["pool"] for name in ("C1", "C2")] == [None, "sales"]


def days_on(idle: PoolInTime, days: int) -> str:
    """The day so many days after the interactions."""
    first = idle.api.get("/interactions")["data"][0]["happened_at"]
    then = datetime.fromisoformat(first) + timedelta(days=days)
    return then.date().isoformat()


def test_figures_are_told_apart_by_the_companys_own_fields(shops: Api) -> None:
    for number, name in enumerate(("便利店", "超市", "超市")):
        shop = {"id": f"C{number}", "name": name, "own_text_1": name}
        shops.done("register-customer", **shop, **SHOP)
        deal = {"id": f"D{number}", "customer": f"C{number}", "title": "Tea", "currency": "CNY"}
        shops.done("open-opportunity", amount=100, **deal)
    shops.feed()
    found = shops.get("/funnel", by="customer.own_text_1")["data"]
    assert {row["customer.own_text_1"]: row["deals"] for row in found} == {"便利店": 1, "超市": 2}
