"""Leads over HTTP: found on the way, given to whose turn it is, qualified or put off."""

from typing import Any

import pytest
from api.test_access_commands import Company
from api.test_access_reads import get, ids
from api.test_imports import ended, send
from virtual_days import Days

DAY = 24 * 3_600
EAST = {"name": "east", "region": "east", "reps": ["li", "qi"]}
TEA = {"name": "tea", "products": ["tea"], "reps": ["wu"]}


class Leads(Company):
    """Li and Qi sell in the east, Wu in the west; Mei heads them all."""

    def __init__(self, api: Any) -> None:
        super().__init__(api)
        api.done("hire-rep", id="qi", name="Qi", department="east", region="east")
        tea = {"category": "x", "unit": "box", "list_price": 1, "currency": "CNY"}
        api.done("add-product", id="tea", name="Tea", **tea)

    def settle(self, **values: Any) -> None:
        self.api.done("change-settings", id="leads.assignment", values=values, reason="fair")

    def capture(self, lead: str, actor: str = "mei", **told: Any) -> dict[str, Any]:
        what = {"title": "Gift boxes", "source": "call", "company": f"Firm {lead}", **told}
        answer = self.ask(actor, "capture-lead", id=lead, **what)
        assert answer.status_code == 201, answer.text
        return self.shown(lead)

    def shown(self, lead: str) -> dict[str, Any]:
        self.api.feed()
        found: dict[str, Any] = self.api.get(f"/leads/{lead}")["data"]
        return found

    def does(self, actor: str, slug: str, **body: Any) -> None:
        answer = self.ask(actor, slug, **body)
        assert answer.status_code in {200, 201}, answer.text


@pytest.fixture
def leads(api: Any) -> Leads:
    return Leads(api)


@pytest.mark.capability("LE-01", "CU-04")
def test_whatever_is_found_on_the_way_is_kept_with_its_source_and_found_again(
    leads: Leads,
) -> None:
    tour = {"title": "Tour", "appointment_kind": "visit", "owner": "li", "customer": "D-li"}
    times = {"starts_at": "2030-01-05T09:00:00+08:00", "ends_at": "2030-01-05T10:00:00+08:00"}
    leads.does("li", "plan-appointment", id="V1", **tour, **times)
    need = "The neighbour wants 400 gift boxes before Mid-Autumn"
    person = {"contact_name": "Zhao", "phone": "138 0000 1111", "address": "张江路100号"}
    told = {"source": "visit", "appointment": "V1", "need": need, "company": "鼎盛商贸", **person}
    leads.capture("L1", "li", **told, products=["tea"], amount=90_000, currency="CNY")
    leads.capture("L2", "li", source="campaign", campaign="Spring fair")
    leads.capture("L3", "li", source="call", customer="D-li", company=None)
    leads.does("li", "disqualify-lead", id="L2", reason="no_budget")
    (found,) = get(leads, "li", "/leads", q="gift boxes mid-autumn").json()["data"]
    assert (found["id"], found["source"], found["appointment"]) == ("L1", "visit", "V1")
    assert (found["phone"], found["owner"], found["way"]) == ("138 0000 1111", "li", "own")
    assert ids(leads, "li", "/leads", q="spring fair") == ["L2"]
    steps = [one["type"] for one in leads.api.get("/customers/D-li/timeline")["data"]]
    assert "LeadCaptured" in steps
    assert ids(leads, "wu", "/leads") == []
    status, detail = leads.says("li", "capture-lead", title="Tea", source="call")
    assert (status, "company, contact_name or customer" in detail) == (409, True)


@pytest.mark.capability("LE-01")
def test_leads_of_a_fair_come_in_as_a_file_and_through_the_rules(leads: Leads) -> None:
    leads.settle(rules=[EAST])
    rows = (f"Stand {n},Firm {n},1380000{n}\n" for n in range(3))
    sheet = "线索主题,公司,电话\n" + "".join(rows)
    how = {
        "command": "capture-lead",
        "name": "fair.csv",
        "set": ["region=east", "source=exhibition"],
    }
    columns = {"map": ["线索主题=title", "公司=company", "电话=phone"]}
    told = ended(leads.api, send(leads.api, sheet, **how, **columns))
    assert (told["accepted"], told["refused"]) == (3, 0)
    leads.api.feed()
    found = leads.api.get("/leads", sort="title")["data"]
    assert [(one["title"], one["owner"]) for one in found] == [
        ("Stand 0", "li"),
        ("Stand 1", "qi"),
        ("Stand 2", "li"),
    ]
    assert found[0]["phone"] == "13800000"


@pytest.mark.capability("LE-02")
def test_a_lead_goes_to_whoever_the_rules_name_and_says_why(leads: Leads) -> None:
    leads.settle(rules=[TEA, EAST], cap=2)
    assert leads.capture("L1", products=["tea"])["owner"] == "wu"
    for lead, whose in (("L2", "li"), ("L3", "qi"), ("L4", "li")):
        assert leads.capture(lead, region="east")["owner"] == whose
    why = leads.shown("L4")
    assert (why["way"], why["rule"], why["load"], why["cap"]) == ("rule", "east", 2, 2)
    assert ids(leads, "li", "/leads") == ["L2", "L4"]
    assert leads.capture("L5", region="east")["owner"] == "qi"
    full = leads.capture("L6", region="east")
    assert (full["owner"], full["waiting"], full["rule"]) == ("", "all_full", "east")
    nobody = leads.capture("L7", "tester", region="west")
    assert (nobody["owner"], nobody["waiting"]) == ("", "no_rule")
    leads.does("li", "disqualify-lead", id="L2", reason="no_need")
    leads.does("mei", "assign-lead", id="L6")
    assert leads.shown("L6")["owner"] == "li"


@pytest.mark.capability("LE-02")
def test_a_manager_gives_a_lead_by_hand_and_the_load_counts(leads: Leads) -> None:
    least = {**EAST, "reps": ["li", "qi"], "way": "least_load"}
    leads.settle(rules=[least], cap=2)
    leads.capture("L1", region="east")
    leads.does("mei", "assign-lead", id="L1", owner="qi", reason="He knows them")
    given = leads.shown("L1")
    assert (given["owner"], given["way"], given["assignment_reason"]) == (
        "qi",
        "hand",
        "He knows them",
    )
    assert [leads.capture(lead, region="east")["owner"] for lead in ("L2", "L3", "L4")] == [
        "li",
        "qi",
        "li",
    ]
    status, detail = leads.says("mei", "assign-lead", id="L4", owner="qi")
    assert (status, "qi has 2 open leads and may have 2" in detail) == (409, True)
    assert leads.says("li", "assign-lead", id="L2", owner="qi")[0] == 403


@pytest.mark.capability("LE-05")
def test_a_lead_is_qualified_or_comes_back_on_its_day_or_is_given_up(api: Any) -> None:
    days = Days(api)
    leads = Leads(api)
    for lead in ("L1", "L2", "L3"):
        leads.capture(lead, "li")
    leads.does("li", "qualify-lead", id="L1", comment="They buy in April")
    shown = leads.shown("L1")
    assert (shown["status"], shown["comment"]) == ("qualified", "They buy in April")
    until = days.after(20 * DAY)[:10]
    leads.does("li", "nurture-lead", id="L2", until=until, reason="No budget this quarter")
    shown = leads.shown("L2")
    assert (shown["status"], shown["until"]) == ("nurturing", until)
    assert shown["reason"] == "No budget this quarter"
    days.later(20 * DAY)
    assert leads.shown("L2")["status"] == "open"
    status, detail = leads.says("li", "disqualify-lead", id="L3", reason="other")
    assert (status, "explains nothing" in detail) == (409, True)
    leads.does("li", "disqualify-lead", id="L3", reason="competitor", detail="Bound until 2028")
    shown = leads.shown("L3")
    assert (shown["status"], shown["disqualified"]) == ("disqualified", "competitor")
    assert leads.says("li", "qualify-lead", id="L3")[0] == 409
    leads.does("li", "resume-lead", id="L3", reason="They rang")
    assert leads.shown("L3")["status"] == "open"
