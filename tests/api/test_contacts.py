"""Contacts over HTTP: who they are, what they decide, and where they worked when."""

from typing import Any

import pytest
from api.test_access_commands import Company
from api.test_access_reads import get

SUN = {"contact": "sun", "name": "Sun Mei", "phone": "13900000000", "birthday": "1980-05-01"}
BUYER = {"title": "buyer", "hobbies": "go", "project": "tea bar", "need_focus": "price"}


@pytest.fixture
def company(api: Any) -> Company:
    made = Company(api)
    made.api.done("register-customer", id="D-2", name="D-2", customer_kind="dealer", owner="li")
    return made


def contacts(company: Company, customer: str, **asked: Any) -> Any:
    company.api.feed()
    return company.api.get(f"/customers/{customer}", **asked)["data"]["contacts"]


@pytest.mark.capability("CU-05", "CU-06")
def test_a_contacts_post_and_employer_change_and_are_read_as_of_then(company: Company) -> None:
    tell = {"id": "D-li", **SUN, **BUYER, "level": "staff"}
    buyer = company.ask("li", "add-contact", **tell).json()["position"]
    rise = {"title": "head of buying", "level": "manager", "influence": "decides"}
    head = company.ask("li", "change-contact", id="D-li", contact="sun", **rise).json()["position"]
    move = {"id": "D-li", "contact": "sun", "customer": "D-2", "title": "owner"}
    assert company.ask("li", "move-contact", **move).status_code == 200
    (then,) = contacts(company, "D-li", as_of=buyer)
    assert then.items() >= {**SUN, **BUYER, "level": "staff", "influence": None}.items()
    (later,) = contacts(company, "D-li", as_of=head)
    assert later.items() >= {**rise, "project": "tea bar"}.items()
    assert contacts(company, "D-li") == []
    (now,) = contacts(company, "D-2")
    assert now.items() >= {**SUN, "hobbies": "go", "title": "owner", "influence": None}.items()
    assert (now["from_customer"], now["from_contact"]) == ("D-li", "sun")
    assert company.ask("li", "move-contact", **move).status_code == 200
    assert contacts(company, "D-2") == [now]
    assert company.says("li", "move-contact", **move | {"customer": "D-wu"})[0] == 404


@pytest.mark.capability("CU-05")
def test_what_tells_of_a_contact_is_hidden_from_whoever_may_not_see_persons(
    company: Company,
) -> None:
    done = company.api.done
    done("add-contact", id="D-li", **SUN, **BUYER)
    done("register-role", id="plain", name="plain", grants="read:customers/*")
    done("open-account", id="he")
    done("grant-role", id="he", role="plain", everything=True)
    company.api.feed()
    assert "contacts" not in get(company, "he", "/customers/D-li").json()["data"]
    added = get(company, "he", "/customers/D-li/timeline").json()["data"][0]
    assert (added["data"]["title"], added["data"]["project"]) == ("buyer", "tea bar")
    assert not {"name", "phone", "birthday", "hobbies"} & added["data"].keys()
