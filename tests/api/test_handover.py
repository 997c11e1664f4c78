"""Who leaves hands over all that he had in one act, and one act takes it back."""

from typing import Any

import pytest
from api.test_access_commands import Company
from api.test_access_reads import get, ids


@pytest.fixture
def company(api: Any) -> Company:
    return Company(api)


def had(company: Company, actor: str) -> list[list[str]]:
    company.api.feed()
    company.api.client.app.state.permissions.forget()
    asked = ("/customers", "/opportunities", "/tasks", "/appointments", "/leads")
    return [ids(company, actor, path) for path in asked]


@pytest.mark.capability("CU-17")
def test_all_that_a_leaver_had_goes_in_one_act_and_comes_back_in_one(company: Company) -> None:
    api = company.api
    api.done("register-customer", id="C2", name="C2", customer_kind="retailer", owner="li")
    deal = {"title": "Tea", "amount": 9, "currency": "CNY"}
    api.done("open-opportunity", id="P1", customer="D-li", **deal)
    api.done("open-opportunity", id="P2", customer="C2", **deal)
    api.done("lose-opportunity", id="P2", reason="price")
    api.done("create-task", id="T1", title="Call", owner="li", due="2099-01-05")
    visit = {"title": "Tea", "appointment_kind": "visit", "owner": "li"}
    ends = {"starts_at": "2099-01-05T09:00:00+08:00", "ends_at": "2099-01-05T10:00:00+08:00"}
    api.done("plan-appointment", id="A1", **visit, **ends)
    need = {"title": "Tea", "source": "visit", "company": "Tea house", "owner": "li"}
    for lead in ("L1", "L2", "L3"):
        api.done("capture-lead", id=lead, **need)
    api.done("nurture-lead", id="L2", until="2099-01-05", reason="after the holidays")
    api.done("disqualify-lead", id="L3", reason="no_need")
    before = had(company, "li")
    act = {"id": "H1", "rep": "li", "owner": "wu", "reason": "Li leaves"}
    assert company.says("li", "make-handover", **act)[0] == 403
    assert company.ask("mei", "make-handover", **act).status_code == 201
    assert had(company, "li") == [[], ["P2"], [], [], ["L3"]]
    assert had(company, "wu") == [["C2", "D-li", "D-wu"], ["P1"], ["T1"], ["A1"], ["L1", "L2"]]
    told = get(company, "mei", "/handovers/H1").json()["data"]
    assert (told["customers"], told["leads"]) == (["C2", "D-li"], ["L1", "L2"])
    api.done("hire-rep", id="zhao", name="Zhao", department="west", region="west")
    company.ask("mei", "reassign-customer", id="C2", owner="zhao", reason="a key account")
    undone = company.ask("mei", "undo-handover", id="H1", reason="Li stays")
    assert undone.status_code == 200, undone.text
    assert had(company, "li") == [["D-li"], *before[1:]]
    assert get(company, "mei", "/handovers/H1").json()["data"]["kept"] == ["customer-C2"]


def test_leads_beyond_the_cap_stay_and_are_named_and_all_else_goes(company: Company) -> None:
    api = company.api
    need = {"title": "Tea", "source": "visit", "company": "Tea house"}
    for lead, owner in {"L1": "li", "L2": "li", "L3": "li", "L4": "wu"}.items():
        api.done("capture-lead", id=lead, **need, owner=owner)
    api.done("change-settings", id="leads.assignment", values={"cap": 2}, reason="fair shares")
    api.done("make-handover", id="H1", rep="li", owner="wu", reason="Li leaves")
    assert (had(company, "li")[0], had(company, "li")[4]) == ([], ["L2", "L3"])
    told = get(company, "mei", "/handovers/H1").json()["data"]
    assert (told["leads"], told["leads_left"]) == (["L1"], ["L2", "L3"])
    api.done("hire-rep", id="zhao", name="Zhao", department="west", region="west")
    api.done("make-handover", id="H2", rep="li", owner="zhao", reason="the rest of the leads")
    assert had(company, "li")[4] == []
    api.done("capture-lead", id="L5", **need, owner="li")
    api.done("capture-lead", id="L6", **need, owner="li")
    api.done("undo-handover", id="H2", reason="Li stays")
    assert had(company, "li")[4] == ["L5", "L6"]
    assert get(company, "mei", "/handovers/H2").json()["data"]["kept"] == ["lead-L2", "lead-L3"]
