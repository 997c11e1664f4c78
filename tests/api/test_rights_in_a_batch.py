"""Rights are found once for the commands of a batch, and anew where one of them changes any."""

from typing import Any

import pytest
from api.test_access_commands import Company

from commands import Command, authorisation
from services.bootstrap import request
from services.waiting_outcomes import is_waiting


@pytest.fixture
def company(both: Any) -> Company:
    return Company(both)


def asked(actor: str, slug: str, **body: Any) -> Any:
    command = Command.known[slug].model_validate(body)
    return request(command, actor, checked=True)


def registered(actor: str, name: str) -> Any:
    fields = {"name": name, "customer_kind": "retailer", "owner": "li"}
    return asked(actor, "register-customer", id=name, **fields)


def test_rights_are_looked_up_once_for_all_commands_of_an_account_in_a_batch(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked, rights_of = [], authorisation.rights_of

    def counted(load: Any, actor: str) -> Any:
        looked.append(actor)
        return rights_of(load, actor)

    monkeypatch.setattr(authorisation, "rights_of", counted)
    executor = company.api.platform.executor
    batch = [registered(who, f"{who}-{n}") for n in range(5) for who in ("li", "mei")]
    answers = executor.commit(batch)
    assert [one.refusal for one in answers] == [None] * 10
    assert sorted(set(looked)) == ["li", "mei"]
    assert len(looked) <= 4  # once where it is decided ahead, and once under the lock


@pytest.mark.capability("PL-04")
def test_a_right_that_is_taken_and_given_again_holds_from_command_to_command(
    company: Company,
) -> None:
    right = {"id": "li", "role": "representative"}
    answers = company.api.platform.executor.commit(
        [
            registered("li", "C1"),
            asked("tester", "revoke-role", **right, reason="left"),
            registered("li", "C2"),
            asked("tester", "grant-role", **right, own="owner"),
            registered("li", "C3"),
        ]
    )
    refusals = [one.refusal for one in answers]
    assert refusals == [None, None, "Forbidden", None, None]


def test_who_may_ask_a_command_of_anything_may_not_once_the_role_is_taken(
    company: Company,
) -> None:
    answers = company.api.platform.executor.commit(
        [
            asked("tester", "open-account", id="boss"),
            registered("boss", "C1"),
            asked("tester", "grant-role", id="boss", role="owner", everything=True),
            registered("boss", "C2"),
            registered("boss", "C3"),
            asked("tester", "revoke-role", id="boss", role="owner", reason="left"),
            registered("boss", "C4"),
        ]
    )
    refusals = [getattr(one, "refusal", one) for one in answers]
    assert refusals == [None, "Forbidden", None, None, None, None, "Forbidden"]


def test_a_command_is_confirmed_from_the_setting_on(company: Company) -> None:
    def told(*commands: str) -> Any:
        what = {"id": "approvals.second_person", "values": {"commands": commands}}
        return asked("tester", "change-settings", **what, reason="policy")

    answers = company.api.platform.executor.commit(
        [
            registered("tester", "C1"),
            told("register-customer"),
            registered("tester", "C2"),
            told(),
            registered("tester", "C3"),
        ]
    )
    streams = [getattr(one, "stream", repr(one)) for one in answers]
    assert (streams[0], streams[4]) == ("customer-C1", "customer-C3")
    assert is_waiting(answers[2])
