"""An order asks the database as often however many lines it has."""

from collections.abc import Iterator
from typing import Any

import pytest
from statements import heard

from commands import Command
from infra.settings import Settings
from services.bootstrap import Platform, platform, request
from tests.performance import order_trade

READ = "SELECT log_events.position"


@pytest.fixture
def company(prepared_url: str) -> Iterator[Platform]:
    made = platform(Settings(database_url=prepared_url))
    asked = [request(one, "bench") for one in order_trade.company()]
    for outcome in made.executor.commit(asked):
        assert not isinstance(outcome, Exception)
        assert outcome.refusal is None, outcome.message
    yield made
    made.close()


@pytest.mark.parametrize("prepared_url", ["sqlite"], indirect=True)
def test_twenty_lines_are_priced_and_held_by_as_many_statements_as_two(company: Platform) -> None:
    few, many = order_trade.draft(1), order_trade.draft(2)
    few["lines"] = few["lines"][:2]
    reads = _asked(company, few)
    assert all(reads)
    assert _asked(company, many) == reads


def _asked(company: Platform, wanted: dict[str, Any]) -> list[int]:
    """How often each step reads streams with nothing at hand."""
    found = []
    for slug in ("draft-order", "submit-order", "approve-order"):
        fields = wanted if slug == "draft-order" else {"id": wanted["id"]}
        company.log.forget()
        with heard(company.database.engine) as sent:
            outcome = company.executor.execute(request(Command.known[slug](**fields), "bench"))
        assert outcome.refusal is None, outcome.message
        found.append(sum(READ in statement for statement, _ in sent))
    return found
