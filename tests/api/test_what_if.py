"""What a period would have been under other settings, over the API: read, and never written."""

from typing import Any

from api.test_access_commands import Company
from api.test_access_reads import get

EARNING, HELD = "/what-if/loyalty.earning", "/what-if/inventory.reservations"
PERIOD = {"since": "2000-01-01", "until": "2099-01-01"}


def test_twice_the_points_would_have_paid_for_what_was_refused_and_nothing_is_written(
    api: Any,
) -> None:
    api.done("enrol-member", id="M1", name="Sun", dealer="C1")
    bought = {"id": "M1", "amount": 5_000, "currency": "CNY", "dealer": "C1"}
    api.done("earn-points", purchase="P1", **bought)
    gift = {"id": "M1", "redemption": "R1", "form": "gift", "points": 80}
    assert api.ask("redeem-points", **gift).json()["refusal"] == "RedemptionRefused"
    before = api.get("/status")["head"]
    points = api.get(EARNING, **PERIOD, values='{"points": 2}')["points"]
    (dealer,) = points["dealers"]
    assert dealer["earned"] == {"was": 50, "would_be": 100}
    assert dealer["redeemed"] == {"was": 0, "would_be": 80}
    (other,) = points["decisions"]
    assert (other["was"], other["would_be"]) == ("RedemptionRefused", "PointsRedeemed")
    same = api.get(HELD, **PERIOD, values='{"days": 3}')["reservations"]
    assert same == {"orders": 0, "other_reservations": 0, "reservations": []}
    assert api.get("/status")["head"] == before


def test_what_cannot_be_tried_is_said_at_the_value(api: Any) -> None:
    for asked, wrong in (
        ({"values": '{"points": 0}'}, "values.points"),
        ({"values": '{"stars": 1}'}, "values.stars"),
        ({"values": "2"}, "values"),
        ({"values": "{}", "until": "1999-01-01"}, "until"),
    ):
        answer = api.client.get(EARNING, params={**PERIOD, **asked})
        (fault,) = answer.json()["errors"]
        assert (answer.status_code, fault["parameter"]) == (400, wrong)
    answer = api.client.get("/what-if/orders.numbers", params={**PERIOD, "values": "{}"})
    assert (answer.status_code, "GET /what-if" in answer.json()["detail"]) == (404, True)


def test_whoever_sees_a_part_of_the_orders_tries_nothing_that_is_decided_of_all(api: Any) -> None:
    company = Company(api)
    listed = {one["id"] for one in api.get("/what-if")["data"]}
    assert listed == {"loyalty.earning", "inventory.reservations"}
    assert get(company, "li", "/what-if").json()["data"] == []
    assert get(company, "li", HELD, **PERIOD, values="{}").status_code == 403
