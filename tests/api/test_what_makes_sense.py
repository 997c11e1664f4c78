"""What contradicts itself is not taken, and whoever sent it is told what to do."""

from typing import Any

from commands import registers


def refused(api: Any, slug: str, **body: Any) -> tuple[str, str]:
    answer = api.ask(slug, **body)
    assert answer.status_code in {404, 409}, (slug, answer.text)
    told = answer.json()
    return told["refusal"], told["detail"]


def test_nobody_is_reviewed_for_a_period_that_has_not_begun(sole_company: Any) -> None:
    said = {"rep": "li", "rating": "meets", "comment": "steady"}
    why, told = refused(sole_company, "write-review", period="2999-Q1", **said)
    assert (why, "2999-Q1 begins on 2999-01-01" in told) == ("PeriodAhead", True)
    sole_company.done("write-review", period="2026", **said)


def test_an_agreement_that_has_not_begun_never_begins_and_none_ends_before_that(
    sole_company: Any,
) -> None:
    api, it = sole_company, {"dealer": "C1", "agreement": "2999"}
    api.done("draft-agreement", **it, valid_from="2999-01-01", valid_until="2999-12-31")
    api.done("sign-agreement", **it, signed_by="Zhao")
    why, told = refused(api, "end-agreement", **it, last_day="2998-06-30")
    assert (why, "or 2998-12-31 where it is never to begin" in told) == ("AgreementBackwards", True)
    api.done("end-agreement", **it, reason="bankrupt")
    api.feed()
    ended = api.get("/agreements/C1:2999")["data"]
    assert (ended["status"], ended["last_day"]) == ("ended", "2998-12-31")
    zh = {"Accept-Language": "zh-CN", "Idempotency-Key": "zh", "If-Match": "*"}
    late = api.client.post("/commands/change-agreement", json={**it, "note": "x"}, headers=zh)
    assert "协议状态为“已终止”，而不是“草稿”" in late.json()["detail"]
    again = {"dealer": "C1", "agreement": "2999-b"}
    api.done("draft-agreement", **again, valid_from="2999-01-01", valid_until="2999-12-31")
    api.done("sign-agreement", **again, signed_by="Zhao")


def test_a_cash_back_says_how_much_money_is_paid_out(sole_company: Any) -> None:
    api, back = sole_company, {"id": "M1", "redemption": "X1", "form": "cash_back", "points": 3}
    for told in ({}, {"amount": 100}, {"currency": "CNY"}):
        assert refused(api, "redeem-points", **back, **told)[0] == "CashBackOfNothing"
    gift = {**back, "form": "gift", "amount": 100}
    assert refused(api, "redeem-points", **gift)[0] == "MoneyOfNoCurrency"
    earned = {"id": "M1", "purchase": "P9", "points": 5, "amount": 100}
    assert refused(api, "earn-points", **earned)[0] == "MoneyOfNoCurrency"
    api.done("redeem-points", **back, amount=100, currency="CNY")


def test_a_shipment_that_is_called_as_that_of_another_order_is_told_which(
    sole_company: Any,
) -> None:
    api = sole_company
    lines = [{"item": "tea", "quantity": 1}]
    api.done("draft-order", id="O9", customer="C1", warehouse="WH", lines=lines)
    api.done("submit-order", id="O9")
    api.done("approve-order", id="O9")
    why, told = refused(api, "ship-order", id="O9", shipment="S0")
    assert why == "ReferenceTaken"
    assert "S0 is the shipment of order O0 from WH" in told
    assert "such as O9-S0" in told
    api.done("ship-order", id="O9", shipment="O9-S0")


def test_an_order_is_approved_in_the_name_of_somebody_who_works_here(sole_company: Any) -> None:
    api, it = sole_company, {"id": "O9", "customer": "C1", "warehouse": "WH"}
    api.done("draft-order", **it, lines=[{"item": "tea", "quantity": 1}])
    api.done("submit-order", id="O9")
    api.done("hire-rep", id="sun", name="Sun", department="east", region="shanghai")
    api.done("dismiss-rep", id="sun", reason="retired")
    registers.use(checked=True)
    try:
        for who in ("nobody", "sun"):
            assert who in refused(api, "approve-order", id="O9", approver=who)[1]
        api.done("approve-order", id="O9", approver="li")
    finally:
        registers.use(checked=False)


def test_a_retailer_is_no_dealer_of_an_agreement_or_an_outlet(sole_company: Any) -> None:
    api, days = sole_company, {"valid_from": "2026-03-01", "valid_until": "2026-05-31"}
    shop = {"name": "Corner", "customer_kind": "retailer", "owner": "li"}
    api.done("register-customer", id="C-9", **shop)
    registers.use(checked=True)
    try:
        for slug, asked in (
            ("draft-agreement", {"dealer": "C-9", "agreement": "2026", **days}),
            ("register-outlet", {"id": "O-9", "name": "Corner", "dealer": "C-9"}),
        ):
            assert refused(api, slug, **asked)[0] == "NoDealer"
    finally:
        registers.use(checked=False)


def test_nobody_buys_or_pays_in_as_a_member_before_he_is_one(sole_company: Any) -> None:
    api, then = sole_company, {"occurred_at": "2020-01-01"}
    api.done("enrol-member", id="M9", dealer="C1", occurred_at="2026-02-03T04:00:00Z")
    bought = [{"item": "tea", "quantity": 1, "amount": 900}]
    sale = {"id": "M9", "dealer": "C1", "currency": "CNY", "lines": bought}
    for slug, body in {
        "record-purchase": {**sale, "purchase": "P1"},
        "earn-points": {"id": "M9", "purchase": "P2", "points": 5},
        "top-up-deposit": {"id": "M9", "top_up": "T1", "amount": 5, "currency": "CNY"},
        "set-member-tier": {"id": "M9", "tier": "gold"},
    }.items():
        why, told = refused(api, slug, **body, **then)
        assert (slug, why, "2026-02-03" in told) == (slug, "OutOfOrder", True)
    api.done("record-purchase", **sale, purchase="P1", occurred_at="2026-02-03")
    api.done("record-purchase", **sale, purchase="P0", **then, dates="flag")
    api.feed()
    flagged = api.get("/events", type="DateFlagged")["data"]
    assert [one["data"]["event"] for one in flagged] == ["PointsEarned"]
