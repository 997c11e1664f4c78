"""Targets over HTTP: set, broken down, and reached or not, with the events behind each number."""

from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import pytest
from api.test_access_commands import Company
from api.test_access_reads import get
from shop import HeldClock

from aggregates.calendar import business_day
from infra.clock import instant

TEA = 1_000
DAY = 24 * 3_600
ORDERS = count(1)


class Firm:
    """East and west below sales, a representative in each; it is the evening of 2 March 2026."""

    def __init__(self, api: Any) -> None:
        self.api, self.clock = api, HeldClock()
        api.platform.database.clock = self.clock
        assert business_day(instant(self.clock.now())).isoformat() == "2026-03-02"
        api.done("register-department", id="sales", name="Sales")
        for place, rep in (("east", "li"), ("west", "wu")):
            api.done("register-department", id=place, name=place, parent="sales")
            api.done("hire-rep", id=rep, name=rep, department=place, region=place)
            api.done(
                "register-customer", id=f"C-{rep}", name=rep, customer_kind="retailer", owner=rep
            )
        what = {"category": "goods", "unit": "box", "currency": "CNY", "list_price": TEA}
        api.done("add-product", id="tea", name="Tea", **what)
        api.done("receive-stock", location="WH", item="tea", quantity=900, reference="R1")

    def sell(self, rep: str, boxes: int) -> str:
        order, api = f"O{next(ORDERS)}", self.api
        lines = [{"item": "tea", "quantity": boxes}]
        api.done("draft-order", id=order, customer=f"C-{rep}", warehouse="WH", lines=lines)
        for verb in ("submit", "approve"):
            api.done(f"{verb}-order", id=order)
        api.done("ship-order", id=order, shipment=f"S-{order}")
        return order

    def rows(self, path: str, **asked: Any) -> list[dict[str, Any]]:
        self.api.feed()
        found: list[dict[str, Any]] = self.api.get(path, **asked)["data"]
        return found

    def reached(self, target: str, **asked: Any) -> dict[str, Any]:
        (row,) = self.rows("/attainment", target=target, **asked)
        return row

    def refused(self, slug: str, **body: Any) -> str:
        answer = self.api.ask(slug, **body)
        assert answer.status_code in {409, 422}, answer.text
        return str(answer.json()["detail"])


@pytest.fixture
def firm(api: Any) -> Firm:
    return Firm(api)


def set_target(firm: Firm, id: str, value: int, metric: str = "amount", **more: Any) -> None:
    number = metric in {"quantity", "new_customers"}
    worth: Any = {"number": value} if number else {"amount": value, "currency": "CNY"}
    told = {"period": "2026", "metric": metric, **worth, **more}
    firm.api.done("set-target", id=id, **told)


@pytest.mark.capability("TG-01")
def test_a_year_is_broken_down_to_weeks_and_from_the_department_to_the_person(firm: Firm) -> None:
    api = firm.api
    set_target(firm, "Y", 1_000_003, department="sales")
    api.done("break-down-target", id="Y", by="quarter")
    quarters = firm.rows("/targets", part_of="Y", sort="first")
    assert [one["value"] for one in quarters] == [250_001, 250_001, 250_001, 250_000]
    short = [{"of": "east", "amount": 100_000}, {"of": "west", "amount": 140_000}]
    said = firm.refused("break-down-target", id="Y.2026-Q1", by="department", parts=short)
    assert "10001 less than the whole of 250001" in said
    parts = [{"of": "east", "amount": 150_001}, {"of": "west"}]
    api.done("break-down-target", id="Y.2026-Q1", by="department", parts=parts)
    people = [{"of": "li"}]
    api.done("break-down-target", id="Y.2026-Q1.department.east", by="rep", parts=people)
    assert "not below east" in firm.refused(
        "break-down-target", id="Y.2026-Q1.department.east", by="rep", parts=[{"of": "wu"}]
    )
    (own,) = firm.rows("/targets", rep="li")
    assert (own["value"], own["level"], own["department"]) == (150_001, "rep", "east")
    for by in ("month", "week"):
        api.done("break-down-target", id=own["id"], by=by)
    weeks = firm.rows("/targets", part_of=own["id"], axis="week", sort="first")
    assert (weeks[0]["first"], weeks[0]["last"]) == ("2026-01-01", "2026-01-04")
    assert weeks[-1]["last"] == "2026-03-31"
    (seen,) = firm.rows("/targets", id=own["id"])
    sums = [(one["by"], one["parts"], one["total"], one["gap"]) for one in seen["breakdowns"]]
    assert sums == [("month", 3, 150_001, 0), ("week", 14, 150_001, 0)]


@pytest.mark.capability("TG-01")
def test_parts_that_may_differ_say_by_how_much(firm: Firm) -> None:
    api = firm.api
    set_target(firm, "Y", 1_000, "quantity")
    parts = [{"of": "li", "number": 600}, {"of": "wu", "number": 600}]
    assert "200 more" in firm.refused("break-down-target", id="Y", by="rep", parts=parts)
    values = {"parts": "differ"}
    api.done("change-settings", id="targets.breakdown", values=values, reason="stretch")
    api.done("break-down-target", id="Y", by="rep", parts=parts)
    assert firm.rows("/targets", id="Y")[0]["breakdowns"][0]["gap"] == -200
    api.done("change-target", id="Y.rep.wu", number=350, reason="on leave")
    assert firm.rows("/targets", id="Y")[0]["breakdowns"][0]["gap"] == 50
    api.done("withdraw-target", id="Y.rep.wu", reason="left")
    assert [one["id"] for one in firm.rows("/targets", part_of="Y")] == ["Y.rep.li"]
    assert firm.rows("/targets", id="Y")[0]["breakdowns"][0]["gap"] == 400


@pytest.mark.capability("TG-03")
def test_new_customers_deals_won_and_money_received_count_besides_goods(firm: Firm) -> None:
    api = firm.api
    for metric, value in (("new_customers", 4), ("contract_amount", 90_000)):
        set_target(firm, metric, value, metric, rep="li")
    set_target(firm, "cash", 8_000, "cash_collected", department="sales")
    api.done("register-customer", id="C9", name="C9", customer_kind="retailer", owner="li")
    deal = {"customer": "C-li", "title": "Canteen", "amount": 60_000, "currency": "CNY"}
    api.done("open-opportunity", id="D1", **deal)
    assert firm.reached("contract_amount")["open_deals"] == 60_000
    assert firm.reached("contract_amount")["uncovered"] == 30_000
    api.done("win-opportunity", id="D1")
    for rep, amount in (("li", 3_000), ("wu", 2_000)):
        paid = {"customer": f"C-{rep}", "currency": "CNY", "amount": amount, "way": "cash"}
        receipt = api.done("receive-payment", **paid)["id"]
    api.done("bounce-receipt", id=receipt, reason="no cover")
    found = {one["target"]: one for one in firm.rows("/attainment")}
    assert {name: one["actual"] for name, one in found.items()} == {
        "new_customers": 2,
        "contract_amount": 60_000,
        "cash": 3_000,
    }
    assert found["contract_amount"]["rate_bp"] == 6_666
    assert found["new_customers"]["currency"] is None
    events = api.get("/attainment/why", target="cash", measure="cash_collected")["rows"]
    assert [(one["type"], one["change"]["cash_collected"]) for one in events] == [
        ("PaymentReceived", 3_000),
        ("PaymentReceived", 2_000),
        ("PaymentBounced", -2_000),
    ]


@pytest.mark.capability("TG-04")
def test_what_was_reached_is_drawn_from_the_books_now_and_as_of_any_day(firm: Firm) -> None:
    set_target(firm, "M", 31_000, period="2026-03", department="sales")
    set_target(firm, "E", 31_000, period="2026-03", department="east")
    order = firm.sell("li", 3)
    firm.sell("wu", 1)
    now = firm.reached("M")
    assert (now["planned"], now["actual"], now["gap"]) == (31_000, 4_000, 27_000)
    assert (now["rate_bp"], now["expected"], now["pace_bp"]) == (1_290, 2_000, 20_000)
    assert firm.reached("E")["actual"] == 3_000
    then = instant(firm.clock.now()).isoformat()
    firm.clock.sleep(29 * DAY)
    back = [{"line": 1, "quantity": 1}]
    firm.api.done("return-order", id=order, return_id="R1", lines=back, reason="wet")
    end = firm.reached("M")
    assert (end["actual"], end["expected"], end["pace_bp"]) == (3_000, 31_000, 967)
    assert firm.reached("M", as_of=then) == now
    firm.clock.sleep(DAY)
    firm.sell("li", 5)
    assert firm.reached("M")["actual"] == 3_000, "April is not March"
    why = firm.api.get("/attainment/why", target="M", measure="amount")
    assert why["figure"]["amount"] == 3_000
    assert [one["type"] for one in why["rows"]] == ["OrderShipped", "OrderShipped", "OrderReturned"]


@pytest.mark.capability("TG-02", "TG-05")
def test_a_target_counts_what_lies_within_all_of_its_limits(firm: Firm) -> None:
    what = {"category": "goods", "unit": "box", "currency": "CNY", "list_price": 10}
    firm.api.done("add-product", id="cup", name="Cup", **what)
    firm.sell("li", 3)
    firm.sell("wu", 2)
    set_target(firm, "all", 10, "quantity")
    set_target(firm, "cups", 10, "quantity", product="cup")
    set_target(firm, "tea", 10, "quantity", product="tea")
    set_target(firm, "money", 9_000, product="tea", region="west")
    found = {one["target"]: one["actual"] for one in firm.rows("/attainment")}
    assert found == {"all": 5, "cups": 0, "tea": 5, "money": 2 * TEA}


@pytest.mark.capability("TG-06")
def test_a_person_is_reviewed_by_what_was_reached_and_signs_it(both: Any) -> None:
    company = Company(both)
    api = company.api
    period = {"period": "2026", "metric": "new_customers"}
    for rep, number in (("li", 2), ("wu", 1)):
        api.done("set-target", id=f"T-{rep}", rep=rep, number=number, **period)
    money = {"period": "2026", "metric": "cash_collected", "amount": 500, "currency": "CNY"}
    api.done("set-target", id="M-li", rep="li", **money)
    paid = {"currency": "CNY", "amount": 600, "way": "cash"}
    api.done("receive-payment", id="P1", customer="D-li", **paid)
    api.feed()
    answer = get(company, "mei", "/attainment", rep="li").json()
    read = [
        (one["metric"], one["planned"], one["actual"], one["rate_bp"], one["rank"], one["of"])
        for one in answer["data"]
    ]
    assert read == [
        ("cash_collected", 500, 600, 12_000, 1, 1),
        ("new_customers", 2, 1, 5_000, 2, 2),
    ]
    assert get(company, "wu", "/attainment", rep="li").json()["data"] == []
    at = answer["freshness"]["position"]
    review = {"rep": "li", "period": "2026", "rating": "meets", "comment": "One shop too few"}
    written = company.ask("mei", "write-review", id="PR-1", figures_as_of=at, **review)
    assert written.status_code == 201, written.text
    assert company.says("li", "write-review", id="PR-2", **review)[0] in {403, 404, 409}
    company.ask("mei", "revise-review", id="PR-1", rating="exceeds")
    assert "li alone" in company.says("mei", "sign-review", id="PR-1")[1]
    assert company.says("wu", "sign-review", id="PR-1")[0] == 404
    signed = company.ask("li", "sign-review", id="PR-1", answer="The shop opens in May")
    assert signed.status_code in {200, 201}, signed.text
    assert company.says("mei", "revise-review", id="PR-1", rating="below")[0] == 409
    api.feed()
    seen = get(company, "li", "/performance_reviews/PR-1").json()["data"]
    told = seen["rating"], seen["status"], seen["signed_by"], seen["answer"]
    assert told == ("exceeds", "signed", "li", "The shop opens in May")
    assert get(company, "wu", "/performance_reviews").json()["data"] == []
    api.done("receive-payment", id="P2", customer="D-li", **paid)
    api.feed()
    then = get(company, "mei", "/attainment", rep="li", as_of=seen["figures_as_of"]).json()
    assert then["data"] == answer["data"]


@pytest.mark.capability("TG-07")
def test_teams_are_compared_by_the_structure_of_then_and_of_today(firm: Firm) -> None:
    set_target(firm, "E", 9_000, department="east")
    firm.sell("li", 3)
    firm.sell("wu", 1)
    firm.api.done("move-rep", id="li", department="west", region="west")

    def teams(board: str, **asked: Any) -> list[tuple[str, int]]:
        rows = firm.rows(f"/rankings/{board}", by="amount", **asked)
        return [(one["subject"], one["amount"]) for one in rows]

    assert teams("departments") == [("east", 3 * TEA), ("west", TEA)]
    assert teams("reps", group="rep.department") == [("west", 4 * TEA)]
    assert firm.reached("E")["actual"] == 3 * TEA, "what was sold in the east stays there"


def test_whoever_breaks_it_down_at_the_same_moment_its_parts_come_to_the_whole(both: Any) -> None:
    firm = Firm(both)
    set_target(firm, "Y", 900, "quantity")

    def share(number: int) -> int:
        parts = [{"of": "li", "number": number * 100}, {"of": "wu"}]
        return int(both.ask("break-down-target", id="Y", by="rep", parts=parts).status_code)

    with ThreadPoolExecutor(8) as pool:
        assert {*pool.map(share, range(10))} <= {200, 201}
    parts = firm.rows("/targets", part_of="Y")
    (whole,) = firm.rows("/targets", id="Y")
    assert sum(one["value"] for one in parts) == 900
    told = {one["target"]: one["value"] for one in whole["parts"]}
    assert told == {one["id"]: one["value"] for one in parts}


SUBJECTS: list[dict[str, Any]] = [
    {},
    {"rep": "li"},
    {"department": "sales"},
    {"region": "east"},
    {"department": "sales", "region": "east"},
    {"product": "tea"},
]


@pytest.mark.capability("TG-01")
@pytest.mark.parametrize("whose", SUBJECTS)
def test_what_is_to_be_reached_is_set_once_for_the_same_period(
    firm: Firm, whose: dict[str, Any]
) -> None:
    """Two values for one thing cannot both be right: the first is named, to be changed."""
    firm.api.done("register-region", id="east", name="East")
    what = {"metric": "quantity", "period": "2026", **whose}
    firm.api.done("set-target", id="first", number=100, **what)
    for value in (100, 200):
        said = firm.refused("set-target", id="second", number=value, **what)
        assert "first" in said
        assert "change-target" in said
    others = [
        {**what, "period": "2026-Q1"},
        *(
            {"metric": "quantity", "period": "2026", **other}
            for other in SUBJECTS
            if other != whose
        ),
    ]
    for number, other in enumerate(others):
        firm.api.done("set-target", id=f"other-{number}", number=300, **other)
    money = {"period": "2026", "metric": "amount", **whose}
    firm.api.done("set-target", id="yuan", amount=100, currency="CNY", **money)
    firm.api.done("set-target", id="dollars", amount=100, currency="USD", **money)
    firm.api.done("withdraw-target", id="first", reason="dropped")
    firm.api.done("set-target", id="second", number=200, **what)
    assert "second" in firm.refused("set-target", id="first", number=100, **what)


def test_a_target_may_be_beside_a_part_of_another(firm: Firm) -> None:
    """Parts belong to their whole, which may be broken down in several ways."""
    set_target(firm, "Y", 1_000, "quantity")
    firm.api.done("break-down-target", id="Y", by="rep", parts=[{"of": "li"}])
    set_target(firm, "own", 2_000, "quantity", rep="li")
    firm.api.done("break-down-target", id="Y", by="rep", parts=[{"of": "li"}, {"of": "wu"}])


def test_of_several_who_set_the_same_at_once_one_does(both: Any) -> None:
    def ask(number: int) -> int:
        what = {"metric": "quantity", "period": "2026", "number": number + 1}
        return int(both.ask("set-target", id=f"T{number}", **what).status_code)

    with ThreadPoolExecutor(6) as pool:
        answers = sorted(pool.map(ask, range(6)))
    assert answers == [201, 409, 409, 409, 409, 409]
