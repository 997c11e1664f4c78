"""What the verbs of access and whatif say of commands that wait for a second person."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from commands import Command
from infra.requests import Outcome
from services.bootstrap import request
from services.commandline.opening import opened

Run = Callable[..., tuple[int, list[Any], str]]
FREEZE, CONFIRM = "command:customers/freeze-customer", "command:approvals/confirm-request"
PEOPLE = ("mei", "ann", "bo")


def done(*asked: tuple[str, dict[str, Any]]) -> None:
    """Have commands decided, as the verbs on the machine do: they wait for nobody."""
    with opened() as platform:
        for slug, body in asked:
            command = Command.known[slug].model_validate(body)
            outcome = platform.executor.execute(request(command, "cli"))
            assert outcome.refusal is None, outcome


def listed(*commands: str) -> tuple[str, dict[str, Any]]:
    change = {"id": "approvals.second_person", "reason": "policy"}
    return "change-settings", {**change, "values": {"commands": commands, "days": 9}}


def asked(slug: str, actor: str, **body: Any) -> Outcome:
    """The outcome of a command that an account asks, as the API asks it."""
    command = Command.known[slug].model_validate(body)
    with opened() as platform:
        return platform.executor.execute(request(command, actor, checked=True))


def refused(slug: str, actor: str, **body: Any) -> bool:
    return asked(slug, actor, **body).refusal is not None


@pytest.fixture
def people(run: Run) -> Run:
    """`mei` and `ann` manage all sales, and `bo` those of the west, where the shop is not."""
    shop = {"id": "C1", "name": "Shop", "customer_kind": "dealer", "owner": "mei"}
    work = {"department": "east", "region": "sh"}
    done(
        *(("register-department", {"id": one, "name": one}) for one in ("east", "west")),
        *(("hire-rep", {"id": one, "name": one, **work}) for one in PEOPLE),
        ("register-customer", shop),
        ("open-account", {"id": "boss"}),
        *(("open-account", {"id": one, "person": one}) for one in PEOPLE),
        *(granted(one, "sales-manager", everything=True) for one in ("mei", "ann")),
        granted("bo", "sales-manager", departments=["west"]),
        listed("freeze-customer"),
    )
    return run


def granted(account: str, role: str, **scope: Any) -> tuple[str, dict[str, Any]]:
    return "grant-role", {"id": account, "role": role, **scope}


def revoked(account: str) -> tuple[str, dict[str, Any]]:
    return "revoke-role", {"id": account, "role": "sales-manager", "reason": "moved"}


def frozen_request() -> str:
    outcome = asked("freeze-customer", "mei", id="C1", reason="unpaid")
    assert outcome.stream.startswith("request-"), outcome
    return outcome.stream


def test_why_says_that_a_command_waits_and_who_may_confirm_it(people: Run) -> None:
    code, (verdict,), _ = people("access", "why", "mei", FREEZE, "customer-C1")
    assert (code, verdict["allowed"]) == (0, True)
    assert verdict["why"][-2:] == [
        "It then waits for a second person, for 9 days at most: approvals.second_person lists it.",
        "May confirm it: ann.",
    ]
    done(listed())
    _, (verdict,), _ = people("access", "why", "mei", FREEZE, "customer-C1")
    assert "second person" not in " ".join(verdict["why"])


def test_why_says_where_nobody_else_may_confirm(people: Run) -> None:
    done(revoked("ann"))
    _, (verdict,), _ = people("access", "why", "mei", FREEZE, "customer-C1")
    assert verdict["why"][-1].startswith("Nobody else may confirm it: grant another person")


def test_who_names_those_who_may_confirm_what_each_asks(people: Run) -> None:
    rows = people("access", "who", FREEZE, "customer-C1")[1]
    assert {row["account"]: row["confirmed_by"] for row in rows} == {
        "boss": ["ann", "mei"],
        "mei": ["ann"],
        "ann": ["mei"],
    }
    anywhere = people("access", "who", FREEZE)[1]
    named = {row["account"]: row["confirmed_by"] for row in anywhere}
    assert named["mei"] == ["ann", "bo"]
    done(listed())
    assert {row["confirmed_by"] for row in people("access", "who", FREEZE)[1]} == {None}


def test_what_tells_the_commands_that_wait_from_those_that_do_not(people: Run) -> None:
    rows = people("access", "what", "mei")[1]
    waiting = {row["action"]: row["confirmed_by"] for row in rows if row["confirmed_by"]}
    assert waiting == {FREEZE: ["ann", "bo"]}


def test_who_may_confirm_that_very_request_is_who_then_does(people: Run) -> None:
    stream = frozen_request()
    who = [row["account"] for row in people("access", "who", CONFIRM, stream)[1]]
    assert who == ["ann"]
    request = stream.partition("-")[2]
    assert all(refused("confirm-request", one, id=request) for one in ("boss", "mei", "bo"))
    assert not refused("confirm-request", "ann", id=request)


def test_why_one_may_not_confirm_a_request_is_said(people: Run) -> None:
    stream = frozen_request()
    for account, reason in (
        ("mei", "mei asked for it, and mei is the same person."),
        ("boss", "boss is no person's account, and a second person decides."),
    ):
        code, (verdict,), _ = people("access", "why", account, CONFIRM, stream)
        assert (code, verdict["allowed"], verdict["why"][-1]) == (3, False, reason)
    assert people("access", "why", "ann", CONFIRM, stream)[0] == 0
    assert people("access", "why", "ann", CONFIRM, "request-none")[0] == 3


def test_who_may_confirm_but_not_ask_the_command_is_told_what_is_missing(people: Run) -> None:
    stream = frozen_request()
    signs = {"id": "signs", "name": "Signs", "grants": "command:approvals/*, read:approvals/*"}
    done(("register-role", signs), revoked("bo"), granted("bo", "signs", everything=True))
    code, (verdict,), _ = people("access", "why", "bo", CONFIRM, stream)
    assert (code, FREEZE in verdict["why"][-1]) == (3, True)


def test_only_who_asked_may_withdraw(people: Run) -> None:
    stream = frozen_request()
    withdraw = "command:approvals/withdraw-request"
    assert [row["account"] for row in people("access", "who", withdraw, stream)[1]] == ["mei"]
    code, (verdict,), _ = people("access", "why", "ann", withdraw, stream)
    assert (code, "nobody else withdraws it" in verdict["why"][-1]) == (3, True)


def test_whatif_decides_anew_what_was_confirmed_and_knows_nothing_of_what_waits(
    people: Run, tmp_path: Path
) -> None:
    owners = (granted(name, "owner", everything=True) for name in ("mei", "ann"))
    done(listed("earn-points"), *owners, ("enrol-member", {"id": "M", "dealer": "C1"}))
    bought = {"id": "M", "currency": "CNY", "dealer": "C1"}
    kept = [
        asked("earn-points", "mei", purchase=name, amount=amount, **bought).stream
        for name, amount in (("P1", 1_000), ("P2", 2_000))
    ]
    assert not refused("confirm-request", "ann", id=kept[0].partition("-")[2])
    file = tmp_path / "tried.json"
    file.write_text('{"loyalty.earning": {"points": 2}}')
    period = "--from", "2000-01-01", "--to", "2099-01-01"
    code, (told,), said = people("whatif", *period, "--settings", str(file))
    assert code == 0, said
    (dealer,) = told["points"]["dealers"]
    assert dealer["earned"] == {"was": 10, "would_be": 20}
