"""Claims of a dealer's own user: against what was delivered to him, and seen by him alone."""

from typing import Any

import pytest
from api.test_access_commands import Company
from api.test_access_reads import get, ids
from files import samples

from services.notices.notifier import Notifier

PHOTO = samples.taken_somewhere()
CLAIM = {"shipment": "S1", "line": 1, "quantity": 3, "fault": "damaged", "reason": "淋湿"}


@pytest.fixture
def company(api: Any) -> Company:
    """Ten boxes are delivered to each of two dealers."""
    made = Company(api)
    add = {"category": "x", "unit": "box", "list_price": 100, "currency": "CNY"}
    api.done("add-product", id="tea", name="Tea", **add)
    api.done("receive-stock", location="W", item="tea", quantity=50, reference="opening")
    for rep in ("li", "wu"):
        order = f"O-{rep}"
        goods = [{"item": "tea", "quantity": 10}]
        api.done("draft-order", id=order, customer=f"D-{rep}", warehouse="W", lines=goods)
        api.done("submit-order", id=order)
        api.done("approve-order", id=order)
        api.done("dispatch-shipment", order=order, shipment="S1", carrier="SF")
        api.done("deliver-shipment", order=order, shipment="S1")
    return made


def held(company: Company) -> int:
    company.api.feed()
    (row,) = company.api.get("/stock", location="D-li", item="tea")["data"]
    return int(row["on_hand"])


@pytest.mark.capability("OR-11")
def test_a_dealer_claims_what_was_delivered_to_him_and_sees_what_becomes_of_it(
    company: Company,
) -> None:
    api = company.api
    notifier = Notifier(api.platform)
    while notifier.step():
        pass
    filed = company.ask("shop", "file-claim", id="CL-1", order="O-li", **CLAIM)
    assert filed.status_code == 201, filed.text
    headers = {"Authorization": f"Bearer {company.key('shop')}"}
    sent = api.client.post("/files", params={"name": "photo.jpg"}, content=PHOTO, headers=headers)
    photo = {"kind": "claim", "id": "CL-1", "file": sent.json()["digest"], "file_name": "photo.jpg"}
    hung = company.ask("shop", "attach-file", **photo)
    assert hung.status_code == 201, hung.text
    hidden = [company.ask("shop", "file-claim", order=one, **CLAIM) for one in ("O-wu", "O-no")]
    assert [one.status_code for one in hidden] == [404, 404]
    assert hidden[0].json()["title"] == hidden[1].json()["title"]
    assert company.ask("shop", "accept-claim", id="CL-1", remedy="credit").status_code == 403
    api.done("file-claim", id="CL-2", order="O-wu", **CLAIM)
    api.feed()
    assert ids(company, "shop", "/claims") == ["CL-1"]
    assert get(company, "shop", "/claims/CL-2").status_code == 404
    assert get(company, "li", "/claims/CL-1/files").json()["data"][0]["file_name"] == "photo.jpg"
    api.done("accept-claim", id="CL-1", remedy="credit")
    assert held(company) == 7, "what he threw away is in his stock no more"
    found = get(company, "shop", "/claims/CL-1").json()["data"]
    assert (found["status"], found["remedy"]) == ("accepted", "credit")
    while notifier.step():
        pass
    told = {who: get(company, who, "/notices").json()["data"] for who in ("li", "shop", "wu")}
    assert {who: {one["notice"] for one in every} for who, every in told.items()} == {
        "li": {"claim-filed", "claim-settled"},
        "shop": {"claim-settled"},
        "wu": {"claim-filed"},
    }
    assert get(company, "shop", "/orders/O-li").json()["data"]["lost"] == 300
    api.done("undo-loss", id="O-li", loss="CL-1", reason="of another dealer")
    assert held(company) == 10
    assert ids(company, "shop", "/claims", status="open") == ["CL-1"], "it waits anew"


def test_what_is_on_its_way_to_a_dealer_is_credited_where_he_receives(company: Company) -> None:
    api = company.api
    api.done("undo-delivery", order="O-li", shipment="S1", reason="truck broke down")
    api.done("file-claim", id="CL-1", order="O-li", **CLAIM)
    answer = api.ask("accept-claim", id="CL-1", remedy="credit")
    assert answer.json()["refusal"] == "DealersLoss"
    assert "receive-transfer" in answer.json()["detail"]
