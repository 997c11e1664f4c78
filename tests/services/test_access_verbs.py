"""Who may do what, and why, as an operator asks it on the server."""

from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., tuple[int, list[Any], str]]
ASKED: tuple[tuple[str, str], ...] = (
    ("register-department", '{"id": "sales", "name": "Sales"}'),
    ("register-department", '{"id": "east", "name": "East", "parent": "sales"}'),
    ("hire-rep", '{"id": "li", "name": "Li", "department": "east", "region": "sh"}'),
    ("register-customer", '{"id": "C1", "name": "C", "customer_kind": "dealer", "owner": "li"}'),
    ("open-account", '{"id": "boss"}'),
    ("open-account", '{"id": "li", "person": "li"}'),
)
READ = "read:customers/customers"


@pytest.fixture
def people(run: Run) -> Run:
    for command, body in ASKED:
        assert run("command", command, "--json", body)[0] == 0
    return run


def grant(run: Run, **scope: Any) -> None:
    body = {"id": "li", "role": "sales-manager", **scope}
    text = str(body).replace("'", '"').replace("True", "true")
    code, _, told = run("command", "grant-role", "--json", text)
    assert code == 0, told


def test_what_an_account_may_is_listed_with_role_and_scope(people: Run) -> None:
    assert people("access", "what", "li")[1] == []
    grant(people, departments=["sales"])
    rows = people("access", "what", "li")[1]
    assert {"account": "li", "action": READ, "role": "sales-manager"}.items() <= next(
        row for row in rows if row["action"] == READ
    ).items()
    assert next(row["scope"] for row in rows if row["action"] == READ) == "department in (sales)"


def test_who_may_is_told_of_that_very_thing(people: Run) -> None:
    grant(people, departments=["sales"])
    who = [row["account"] for row in people("access", "who", READ, "customer-C1")[1]]
    assert who == ["boss", "li"]
    assert (
        people("command", "change-department", "--json", '{"id": "east", "parent": null}')[0] == 0
    )
    assert [row["account"] for row in people("access", "who", READ, "customer-C1")[1]] == ["boss"]
    assert [row["account"] for row in people("access", "who", READ)[1]] == ["boss", "li"]


def test_why_says_what_each_role_grants_and_whether_the_thing_is_within(people: Run) -> None:
    assert people("access", "why", "li", READ)[1][0]["why"] == ["The account has no role."]
    grant(people, own="owner")
    code, (verdict,), _ = people("access", "why", "li", READ, "customer-C1")
    assert (code, verdict["allowed"]) == (0, True)
    assert "owner (li)" in verdict["why"][0]
    assert verdict["why"][1].endswith("for owner in (li): it is within.")
    code, (verdict,), _ = people("access", "why", "li", "command:organisation/grant-role")
    assert (code, verdict["allowed"]) == (3, False)
    assert people("access", "why", "nobody", READ)[1][0]["why"] == ["There is no such account."]


def test_what_cannot_be_granted_is_said_with_the_nearest(people: Run) -> None:
    code, _, told = people("access", "who", "read:customers/customer")
    assert (code, "Did you mean read:customers/customers?" in told) == (2, True)
    code, _, told = people("access", "who", READ, "shop-C1")
    assert (code, "write KIND-ID" in told) == (2, True)
