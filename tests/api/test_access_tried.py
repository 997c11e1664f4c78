"""Whoever gives roles tries before and after what they let somebody see and do."""

from typing import Any

import pytest
from api.test_access_commands import Company
from api.test_access_reads import get


@pytest.fixture
def company(api: Any) -> Company:
    return Company(api)


def may(company: Company, account: str, **asked: Any) -> dict[str, set[str]]:
    """By each action the roles that grant it."""
    answer = get(company, "tester", "/access/what", account=account, **asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, set[str]] = {}
    for one in answer.json()["data"]:
        found.setdefault(one["action"], set()).add(one["role"])
    return found


def test_what_somebody_may_is_told_as_he_then_finds_it(company: Company) -> None:
    every = may(company, "li")
    assert every["command:orders/draft-order"] == {"representative"}
    assert "command:organisation/grant-role" not in every
    assert (
        company.ask("li", "grant-role", id="li", role="owner", everything=True).status_code == 403
    )
    assert may(company, "nobody") == {}


def test_of_one_thing_it_is_told_whether_it_lies_within_the_scope(company: Company) -> None:
    own, other = (may(company, "li", stream=f"customer-D-{rep}") for rep in ("li", "wu"))
    change = "command:customers/change-customer-details"
    assert own[change] == own["read:customers/customers"] == {"representative"}
    assert other == {}
    assert company.ask("li", "change-customer-details", id="D-wu", city="x").status_code == 404
    assert {action.split("/")[0] for action in own} == {"command:customers", "read:customers"}


def test_nobody_tries_it_who_may_not_see_accounts_or_of_what_there_is_not(
    company: Company,
) -> None:
    assert get(company, "li", "/access/what", account="wu").status_code == 403
    wrong = get(company, "tester", "/access/what", account="li", stream="custmer-D-li")
    assert (wrong.status_code, "Did you mean customer?" in wrong.text) == (400, True)
