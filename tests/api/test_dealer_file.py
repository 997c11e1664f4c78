"""The dealer file over HTTP: one read, at one position, of all that is known of a dealer."""

from typing import Any

import pytest
from api.test_access_commands import Company
from api.test_access_reads import get

TALK = {"customer": "C1", "way": "call", "owner": "li"}


def file(api: Any, **asked: Any) -> dict[str, Any]:
    api.feed()
    found: dict[str, Any] = api.get("/dealers/C1/file", **asked)
    return found


@pytest.mark.capability("CH-01")
def test_a_dealers_data_contacts_and_all_past_contact_are_one_read(sole_company: Any) -> None:
    api = sole_company
    api.done("add-contact", id="C1", contact="boss", name="Zhao", phone="100-0000-0001")
    api.done("record-interaction", interaction="1", text="They want tea", **TALK)
    api.done("record-interaction", interaction="2", text="They took ten boxes", **TALK)
    api.done("reassign-customer", id="C1", owner="wu", reason="Li leaves")
    seen = file(api)
    dealer = seen["data"]
    assert (dealer["name"], dealer["customer_kind"], dealer["owner"]) == ("C1", "dealer", "wu")
    assert [(one["name"], one["phone"]) for one in dealer["contacts"]] == [
        ("Zhao", "100-0000-0001")
    ]
    talk = seen["interactions"]
    assert talk["count"] == 2
    assert [row["text"] for row in talk["rows"]] == ["They took ten boxes", "They want tea"]
    assert file(api, expand="names")["names"]["owner"]["li"] == "Li"


@pytest.mark.capability("CH-03", "MB-08")
def test_stock_orders_money_sales_and_members_of_a_dealer_are_of_one_position(
    sole_company: Any,
) -> None:
    api = sole_company
    api.done("issue-invoice", id="V1", order="O0", shipment="S0")
    before = api.done("receive-payment", customer="C1", amount=5_000, currency="CNY")["position"]
    seen = file(api)
    stock = {row["item"]: (row["on_hand"], row["in_transit"]) for row in seen["stock"]}
    assert stock == {"tea": (39 - 4, 0), "cup": (0, 7)}
    order = seen["orders"]["rows"][0]
    assert (order["id"], order["status"], order["amount"]) == ("O0", "shipped", 66_300)
    (owed,) = seen["receivable"]
    assert (owed["open"], owed["advance"]) == (66_300, 5_000)
    assert [one["amount"] for one in seen["receipts"]["rows"]] == [5_000]
    assert [(row["currency"], row["amount"]) for row in seen["sell_in"]] == [
        ("CNY", 66_300 - 1_500)
    ]  # one was lost
    assert [row["sell_out_quantity"] for row in seen["sell_out"]] == [4]
    members = seen["members"]
    assert (members["count"], [one["name"] for one in members["rows"]]) == (1, ["Ann"])
    assert [row["balance"] for row in seen["points"]] == [50]
    api.done("receive-payment", customer="C1", amount=900, currency="CNY")
    api.done("enrol-member", id="M2", name="Bo", dealer="C1")
    assert file(api)["members"]["count"] == 2
    then = file(api, as_of=before)
    assert then["freshness"]["as_of"] == before
    assert {part: then[part] for part in then.keys() - {"freshness"}} == {
        part: seen[part] for part in seen.keys() - {"freshness"}
    }


@pytest.mark.capability("CH-03")
def test_of_a_dealer_file_everybody_sees_what_is_his_to_see(api: Any) -> None:
    company = Company(api)
    api.done("enrol-member", id="M1", name="Ann", dealer="D-li")
    api.feed()
    assert get(company, "wu", "/dealers/D-li/file").status_code == 404
    mine = get(company, "shop", "/dealers/D-li/file").json()
    assert (mine["members"]["count"], "interactions" in mine, "sell_in" in mine) == (
        1,
        False,
        False,
    )
    assert get(company, "shop", "/dealers/D-wu/file").status_code == 404
    manager = get(company, "mei", "/dealers/D-li/file").json()
    assert (manager["interactions"]["count"], "members" in manager) == (0, False)
