"""Rights are found once for the commands of a batch, and anew where one of them changes any."""

from typing import Any

import pytest
from api.test_access_commands import Company

from commands import Command, authorisation
from services.bootstrap import request


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
