"""A no says what was missing, in both languages, and with its figures."""

import re
from typing import Any

import pytest
from golden import events

FIGURE = re.compile(r"\d+")


def short_of_tea(api: Any) -> Any:
    return api.ask("approve-order", id="O9")


def short_of_points(api: Any) -> Any:
    return api.ask("redeem-points", id="M1", redemption="G9", form="gift", points=9_999)


def drafted(api: Any) -> None:
    lines = [{"item": "tea", "quantity": 9_000}, {"item": "cup", "quantity": 8_000}]
    api.done("draft-order", id="O9", customer="C1", warehouse="WH", lines=lines)
    api.done("submit-order", id="O9")


def test_an_order_that_lacks_stock_says_what_is_there_and_what_is_wanted(own_company: Any) -> None:
    drafted(own_company)
    answer = short_of_tea(own_company).json()
    assert (answer["status"], answer["refusal"]) == (409, "OrderApprovalRefused")
    there = {s["item"]: (s["wanted"], s["available"]) for s in answer["figures"]["shortages"]}
    rows = own_company.get("/stock", location="WH")["data"]
    assert there == {
        row["item"]: ({"tea": 9_000, "cup": 8_000}[row["item"]], row["available"]) for row in rows
    }
    for item, (wanted, available) in there.items():
        assert f"{item}: {wanted} wanted, {available} there" in answer["detail"]
    stored = own_company.get(f"/events/{answer['position']}")
    assert stored["data"] == answer["figures"]
    row = {"command": "approve-order", "body": {"id": "O9"}, "expected": "*"}
    sent = own_company.client.post("/commands", json=[row], headers={"Idempotency-Key": "many"})
    assert sent.json()["outcomes"][0]["figures"]["shortages"] == answer["figures"]["shortages"]


def test_a_redemption_that_lacks_points_says_how_many(own_company: Any) -> None:
    answer = short_of_points(own_company).json()
    figures = answer["figures"]
    missing = figures["points"] - figures["balance"]
    assert figures["points"] == 9_999
    assert f"{missing} are missing" in answer["detail"]


@pytest.mark.parametrize("asked", [short_of_tea, short_of_points])
def test_the_figures_are_the_same_in_both_languages(own_company: Any, asked: Any) -> None:
    drafted(own_company)
    said = {}
    for spoken in ("en", "zh-CN"):
        own_company.client.headers["Accept-Language"] = spoken
        said[spoken] = asked(own_company).json()["detail"]
    assert said["en"].isascii()
    assert sorted(FIGURE.findall(said["en"])) == sorted(FIGURE.findall(said["zh-CN"]))


def test_every_refusal_that_is_an_event_has_its_sentence() -> None:
    refusals = [kind for kind in events().values() if kind.refusal]
    assert len(refusals) >= 2
    assert all("said" in vars(kind) for kind in refusals)
