"""Conversion over HTTP: a lead becomes business once, and not over somebody else's head."""

import threading
from typing import Any

import pytest
from api.test_access_reads import get, ids
from api.test_leads import Leads
from originals import Originals
from pace import limit

from commands.customers.customer import RegisterCustomer
from commands.leads.conversion import ConvertLead
from commands.leads.lead import CaptureLead, QualifyLead
from commands.organisation.rep import HireRep
from infra.requests import Outcome
from services.bootstrap import request

WORTH = {"amount": 90_000, "currency": "CNY"}


@pytest.fixture
def leads(api: Any) -> Leads:
    made = Leads(api)
    shop = {"id": "C1", "name": "上海鼎盛贸易有限公司", "customer_kind": "retailer", "owner": "wu"}
    api.done("register-customer", **shop)
    person = {"contact": "zhao", "name": "Zhao", "phone": "+86 138-0000-1111"}
    api.done("add-contact", id="C1", **person)
    api.done("change-customer-details", id="C1", tax_id="9131-0000-TEST")
    deal = {"customer": "C1", "title": "Tea", "amount": 5, "currency": "CNY"}
    api.done("open-opportunity", id="D1", **deal)
    return made


def qualified(leads: Leads, lead: str, actor: str = "li", **told: Any) -> None:
    leads.capture(lead, actor, **{**WORTH, "owner": actor, **told})
    leads.does(actor, "qualify-lead", id=lead)


@pytest.mark.capability("LE-06")
def test_a_lead_becomes_customer_contact_and_opportunity_at_once(leads: Leads) -> None:
    who = {"company": "Orient Offices Ltd", "contact_name": "Qian", "phone": "139 2222 3333"}
    who["tax_id"] = "91320000OTHER"
    qualified(leads, "L1", **who, source="campaign", products=["tea"])
    leads.does("li", "convert-lead", id="L1", customer_kind="retailer")
    lead = leads.shown("L1")
    assert (lead["status"], lead["collisions"]) == ("converted", 0)
    customer = get(leads, "li", f"/customers/{lead['customer']}").json()["data"]
    assert (customer["name"], customer["owner"], customer["source"]) == (
        "Orient Offices Ltd",
        "li",
        "campaign",
    )
    assert [one["phone"] for one in customer["contacts"]] == ["139 2222 3333"]
    assert customer["tax_id"] == "91320000OTHER"
    deal = get(leads, "li", f"/opportunities/{lead['opportunity']}").json()["data"]
    assert (deal["amount"], deal["rep"], deal["products"]) == (90_000, "li", ["tea"])
    again = leads.ask("li", "convert-lead", id="L1")
    assert (again.status_code, again.json()["repeated"]) == (200, True)
    status, detail = leads.says("li", "convert-lead", id="L1", customer="D-li")
    assert (status, "Correct what was recorded" in detail) == (409, True)
    assert leads.says("li", "disqualify-lead", id="L1", reason="no_need")[0] == 409


@pytest.mark.capability("LE-06")
def test_a_lead_goes_onto_a_customer_contact_and_opportunity_that_are_there(leads: Leads) -> None:
    qualified(leads, "L1", "wu", contact_name="Zhao", phone="13800001111", customer="C1")
    leads.does("wu", "convert-lead", id="L1", opportunity="D1")
    lead = leads.shown("L1")
    assert (lead["customer"], lead["contact"], lead["opportunity"]) == ("C1", "zhao", "D1")
    assert len(get(leads, "wu", "/customers/C1").json()["data"]["contacts"]) == 1
    qualified(leads, "L2", "wu", customer="D-wu", company=None)
    status, detail = leads.says("wu", "convert-lead", id="L2", opportunity="D1")
    assert (status, "D1 is of C1, not of D-wu" in detail) == (409, True)


@pytest.mark.capability("LE-06")
def test_who_works_the_customer_already_is_found_and_shown_as_far_as_rights_allow(
    leads: Leads,
) -> None:
    by = {"company": "鼎盛商贸", "phone": "138 0000 1111"}
    qualified(leads, "L1", **by)
    status, detail = leads.says("li", "convert-lead", id="L1")
    assert (status, "1 others may be working this customer" in detail) == (409, True)
    assert "C1" not in detail
    assert leads.shown("L1")["status"] == "qualified"
    assert ids(leads, "li", "/collisions") == []
    for place in ("/leads/L1", "/leads/L1/timeline", "/leads/L1/history", "/events", "/notices"):
        answer = get(leads, "li", place)
        assert answer.status_code == 200, place
        assert "C1" not in str(answer.json()), place
    (seen,) = get(leads, "mei", "/collisions", lead="L1", status="open").json()["data"]
    assert (seen["other"], seen["owner"], seen["opportunities"]) == ("C1", "wu", ["D1"])
    assert (seen["likeness_bp"], seen["by"]) == (9_500, ["phone", "name"])
    assert ids(leads, "wu", "/collisions") == ["L1:customer:C1"]
    rule = {"lead": "L1", "other": "C1", "ruling": "keeps", "reason": "Wu met them first"}
    assert leads.says("li", "rule-collision", **rule)[0] == 403


@pytest.mark.capability("LE-06")
def test_a_ruling_says_who_decided_and_why_and_the_lead_goes_by_it(leads: Leads) -> None:
    for number, ruling in enumerate(("separate", "keeps", "shares", "takes")):
        lead = f"L{number}"
        qualified(leads, lead, company="鼎盛贸易", title=f"Deal {ruling}")
        assert leads.says("li", "convert-lead", id=lead)[0] == 409
        leads.api.feed()
        for other in ids(leads, "mei", "/collisions", lead=lead, status="open"):
            _, kind, name = other.split(":")
            said = "separate" if name != "C1" else ruling
            why = {"reason": f"It {ruling}", "ruling": said}
            leads.does("mei", "rule-collision", lead=lead, other_kind=kind, other=name, **why)
        leads.does("li", "convert-lead", id=lead)
        shown = leads.shown(lead)
        deal = leads.api.get(f"/opportunities/{shown['opportunity']}")["data"]
        found = shown["customer"] != "C1", deal["rep"]
        owner = leads.api.get("/customers/C1")["data"]["owner"]
        assert (*found, owner) == {
            "separate": (True, "li", "wu"),
            "keeps": (False, "wu", "wu"),
            "shares": (False, "li", "wu"),
            "takes": (False, "li", "li"),
        }[ruling]
    ruled = leads.api.get("/collisions", lead="L1", other="C1")["data"][0]
    assert (ruled["ruling"], ruled["ruled_by"], ruled["reason"]) == ("keeps", "mei", "It keeps")


def test_a_lead_collides_with_the_customer_that_another_was_merged_into(leads: Leads) -> None:
    twin = {"id": "C2", "name": "Tea House", "customer_kind": "retailer", "owner": "wu"}
    leads.api.done("register-customer", **twin)
    leads.api.done("merge-customer", id="C2", customer="C1", reason="entered twice")
    for lead, told in (("L1", {"company": "Tea House"}), ("L2", {"tax_id": "91310000test"})):
        qualified(leads, lead, **told)
        leads.does("li", "find-collisions", id=lead)
    leads.api.feed()
    found = get(leads, "mei", "/collisions", sort="lead").json()["data"]
    assert [(one["other"], one["likeness_bp"], one["by"]) for one in found] == [
        ("C1", 9_000, ["name"]),
        ("C1", 10_000, ["tax_id"]),
    ]
    status, detail = leads.says("tester", "convert-lead", id="L1", customer="C2")
    assert (status, "merged into C1" in detail) == (409, True)


def test_two_leads_of_one_company_collide_and_the_loser_is_a_duplicate(leads: Leads) -> None:
    place = {"address": "上海市浦东新区张江路100号3楼"}
    qualified(leads, "L1", company="Blue Door", **place)
    qualified(leads, "L2", "wu", company="Red Window", address="张江路100号")
    leads.does("wu", "find-collisions", id="L2")
    leads.api.feed()
    (seen,) = get(leads, "li", "/collisions").json()["data"]
    assert (seen["id"], seen["by"]) == ("L2:lead:L1", ["address"])
    rule = {"lead": "L2", "other_kind": "lead", "other": "L1", "ruling": "keeps", "reason": "first"}
    leads.does("mei", "rule-collision", **rule)
    lost = leads.shown("L2")
    assert (lost["status"], lost["disqualified"]) == ("disqualified", "duplicate")
    status, detail = leads.says("mei", "rule-collision", **{**rule, "ruling": "takes"})
    assert (status, "ruling keeps, not takes" in detail) == (409, True)


def test_nobody_rules_in_his_own_cause_and_the_owner_of_the_other_is_told(leads: Leads) -> None:
    qualified(leads, "L1", company="鼎盛贸易")
    leads.does("li", "find-collisions", id="L1")
    leads.api.done("grant-role", id="wu", role="sales-manager", departments=["sales"])
    rule = {"lead": "L1", "other": "C1", "ruling": "keeps", "reason": "mine"}
    status, detail = leads.says("wu", "rule-collision", **rule)
    assert (status, "Let somebody above both of them rule" in detail) == (409, True)


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_lead_that_is_converted_by_several_at_once_is_converted_once(
    kind: str, originals: Originals
) -> None:
    from api.conftest import prepared, served

    with originals.copied(kind, prepared) as url, served(url) as api:
        platform = api.platform
        asked: list[Any] = [
            HireRep(id="li", name="Li", department="d", region="r"),
            CaptureLead(id="L", title="x", source="call", company="Firm", owner="li", **WORTH),
            QualifyLead(id="L"),
            *(
                RegisterCustomer(id=f"C{n}", name=f"Nr {n}", customer_kind="retailer", owner="li")
                for n in range(4)
            ),
        ]
        for number, one in enumerate(asked):
            assert isinstance(platform.executor.execute(request(one, "t", f"{number}")), Outcome)
        gate = threading.Barrier(8)

        def convert(number: int) -> None:
            gate.wait(limit(20))
            one = ConvertLead(id="L", customer=f"C{number % 4}")
            platform.executor.execute(request(one, "t", f"convert-{number}"))

        threads = [threading.Thread(target=convert, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(limit(60))
        assert len(api.get("/events", type="LeadConverted")["data"]) == 1
        assert len(api.get("/events", type="OpportunityOpened")["data"]) == 1
