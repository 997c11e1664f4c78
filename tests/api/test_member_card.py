"""Members over HTTP: from a campaign's lead to a card with tier, points and deposit."""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from api.test_access_commands import Company
from api.test_access_reads import get


def card(api: Any, **asked: Any) -> dict[str, Any]:
    api.feed()
    found: dict[str, Any] = api.get("/members/M1/card", **asked)
    return found


@pytest.mark.capability("MB-01")
def test_whom_a_campaign_reached_becomes_a_member_once_and_the_campaign_counts_him(
    api: Any,
) -> None:
    company = Company(api)
    api.done("open-account", id="desk")
    api.done("grant-role", id="desk", role="member-desk", everything=True)
    sun = {"name": "Sun", "phone": "100-0000-0001", "campaign": "spring", "dealer": "D-li"}
    lead = company.ask("desk", "capture-member-lead", **sun).json()["id"]
    assert re.fullmatch(r"ML-\d{6}-00001", lead)
    company.ask("desk", "capture-member-lead", id="L2", name="Li", campaign="spring")
    company.ask("desk", "drop-member-lead", id="L2", reason="moved away")
    assert company.ask("desk", "enrol-member-lead", id=lead, member="M1").status_code == 200
    again = company.ask("desk", "enrol-member-lead", id=lead, member="M2")
    assert (again.status_code, again.json()["refusal"]) == (409, "LeadSettled")
    late = company.ask("desk", "enrol-member-lead", id="L2", member="M3")
    assert (late.status_code, late.json()["refusal"]) == (409, "LeadSettled")
    member = card(api)["data"]
    assert (member["name"], member["phone"], member["dealer"]) == ("Sun", sun["phone"], "D-li")
    seen = api.get(f"/member_leads/{lead}")["data"]
    assert (seen["status"], seen["member"]) == ("enrolled", "M1")
    (campaign,) = api.get("/enrolment", campaign="spring")["data"]
    assert (campaign["reached"], campaign["enrolled"], campaign["dropped"]) == (2, 1, 1)
    assert get(company, "shop", "/members/M1/card").status_code == 200
    assert get(company, "wu", "/members/M1/card").status_code == 403


def test_a_lead_is_enrolled_under_the_next_number_where_members_are_numbered(api: Any) -> None:
    api.done("capture-member-lead", id="L1", name="Li", campaign="spring")
    no = api.ask("enrol-member-lead", id="L1")
    assert (no.status_code, no.json()["refusal"]) == (409, "IdMissing")
    numbers = {"id": "loyalty.numbers", "values": {"automatic": True}, "reason": "as cards are"}
    api.done("change-settings", **numbers)
    api.done("enrol-member-lead", id="L1")
    api.feed()
    member = api.get("/member_leads/L1")["data"]["member"]
    assert api.get(f"/members/{member}")["data"]["id"] == member


@pytest.mark.capability("MB-02", "MB-03")
def test_a_card_shows_contact_tier_deposit_and_points_of_one_moment(sole_company: Any) -> None:
    api = sole_company
    api.done("change-member-details", id="M1", phone="100-0000-0002")
    api.done("set-member-tier", id="M1", tier="gold")
    api.done("top-up-deposit", id="M1", top_up="T1", amount=50_000, currency="CNY")
    before = api.done("spend-deposit", id="M1", spend="P2", amount=20_000, currency="CNY")
    refused = api.ask("spend-deposit", id="M1", spend="P3", amount=30_001, currency="CNY")
    assert (refused.status_code, refused.json()["refusal"]) == (409, "DepositRefused")
    assert "CNY 300.00" in refused.json()["detail"]
    seen = card(api)
    member = seen["data"]
    told = member["name"], member["phone"], member["tier"], member["dealer"]
    assert told == ("Ann", "100-0000-0002", "gold", "C1")
    assert [row["balance"] for row in seen["points"]] == [50]
    (deposit,) = seen["deposits"]
    assert (deposit["balance"], deposit["topped_up"], deposit["spent"]) == (30_000, 50_000, 20_000)
    api.done("spend-deposit", id="M1", spend="P4", amount=30_000, currency="CNY")
    assert card(api)["deposits"][0]["balance"] == 0
    assert card(api, as_of=before["position"])["deposits"] == seen["deposits"]
    kept = api.ask("withdraw-member", id="M1", reason="twice")
    assert kept.status_code == 409


def test_what_was_typed_wrong_is_taken_back_and_told_again_under_another_number(
    sole_company: Any,
) -> None:
    api, paid = sole_company, {"id": "M1", "currency": "CNY"}
    api.done("top-up-deposit", top_up="T1", amount=50_000, **paid)
    early = api.ask("spend-deposit", spend="P0", amount=1, occurred_at="2020-01-01", **paid)
    assert (early.status_code, early.json()["refusal"]) == (409, "DepositRefused")
    api.done("spend-deposit", spend="P1", amount=3_000, **paid)
    spent = api.ask("reverse-deposit", id="M1", top_up="T1", reason="a nought too much")
    assert (spent.status_code, spent.json()["refusal"]) == (409, "DepositSpentSince")
    api.done("reverse-deposit", id="M1", spend="P1", reason="another member's")
    api.done("reverse-deposit", id="M1", top_up="T1", reason="a nought too much")
    again = api.ask("top-up-deposit", top_up="T1", amount=50_000, **paid)
    assert (again.status_code, again.json()["refusal"]) == (409, "TakenBack")
    api.done("top-up-deposit", top_up="T2", amount=5_000, **paid)
    (deposit,) = card(api)["deposits"]
    assert (deposit["balance"], deposit["topped_up"], deposit["spent"]) == (5_000, 5_000, 0)
    why = api.get("/deposits/why", member="M1", measure="balance")["rows"]
    assert [row["change"]["balance"] for row in why] == [50_000, -3_000, 3_000, -50_000, 5_000]


def test_many_who_spend_at_once_never_take_a_deposit_below_zero(own_company: Any) -> None:
    api = own_company
    api.done("top-up-deposit", id="M1", top_up="T1", amount=500, currency="CNY")

    def spend(number: int) -> int:
        what = {"spend": f"P{number}", "amount": 100, "currency": "CNY"}
        return int(api.ask("spend-deposit", id="M1", **what).status_code)

    with ThreadPoolExecutor(6) as pool:
        assert Counter(pool.map(spend, range(9))) == {200: 5, 409: 4}
    assert card(api)["deposits"][0]["balance"] == 0


@pytest.mark.capability("MB-05")
def test_points_lie_in_lots_and_each_redemption_names_those_it_took_from(api: Any) -> None:
    company = Company(api)
    api.done("enrol-member", id="M1", name="Sun", dealer="D-li")
    bought = {"id": "M1", "currency": "CNY", "dealer": "D-li"}
    for purchase, amount in (("P1", 3_000), ("P2", 2_000)):
        api.done("earn-points", purchase=purchase, amount=amount, **bought)
    before = api.get("/status")["head"]
    api.done("redeem-points", id="M1", redemption="R1", form="gift", points=40, reward="Cup")
    api.done("reverse-earning", id="M1", purchase="P2", reason="mistyped")
    api.feed()
    found = api.get("/members/M1/lots")["data"]
    parts = {
        one["lot"]: (one["points"], one["spent"], one["gone"], one["left"]) for one in found["lots"]
    }
    assert parts == {"P1": (30, 30, 0, 0), "P2": (20, 10, 10, 0)}
    (taken,) = found["redemptions"]
    assert (taken["points"], taken["reward"], taken["reversed"]) == (40, "Cup", False)
    assert [(one["lot"], one["points"]) for one in taken["lots"]] == [("P1", 30), ("P2", 10)]
    earlier = api.get("/members/M1/lots", as_of=before)["data"]
    assert [one["left"] for one in earlier["lots"]] == [30, 20]
    assert earlier["redemptions"] == []
    assert get(company, "shop", "/members/M1/lots").status_code == 200
    assert get(company, "wu", "/members/M1/lots").status_code == 403
