"""However late points are told of, at no instant was a point spent that was not there."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import hypothesis.strategies as st
import pytest
from company import CODEC, Company
from hypothesis import HealthCheck, given, settings
from laws import few, names
from scenario import NOON

from aggregates.loyalty.member import Member
from commands import Command
from commands.loyalty.member import EnrolMember, ExpirePoints, RedeemPoints, ReverseRedemption
from commands.loyalty.purchase import EarnPoints, RecordPurchase, ReturnPurchase, ReverseEarning
from infra.clock import instant

MEMBERS = count(1)
moments = st.integers(0, 24 * 9).map(lambda hour: NOON + timedelta(hours=hour))
kinds: list[tuple[type[Command], dict[str, Any]]] = [
    (EarnPoints, {"purchase": names, "points": few}),
    (EarnPoints, {"purchase": names, "points": few, "expires_on": moments.map(datetime.date)}),
    (RedeemPoints, {"redemption": names, "form": st.just("gift"), "points": few}),
    (ReverseRedemption, {"redemption": names}),
    (ReverseEarning, {"purchase": names, "reason": st.just("x")}),
    (ExpirePoints, {}),
    (
        RecordPurchase,
        {
            "purchase": names,
            "dealer": st.just("D1"),
            "currency": st.just("CNY"),
            "lines": st.just(({"item": "I1", "quantity": 3, "amount": 1_000},)),
        },
    ),
    (
        ReturnPurchase,
        {
            "purchase": names,
            "return_id": names,
            "lines": st.none() | st.just(({"item": "I1", "quantity": 1},)),
        },
    ),
]
asks = st.one_of(
    st.builds(kind, id=st.just("M"), occurred_at=moments, **fields) for kind, fields in kinds
)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    file = tmp_path_factory.mktemp("members") / "log.sqlite"
    with Company(f"sqlite:///{file}") as company:
        yield company


def test_a_balance_of_any_instant_is_never_below_zero_but_for_debt(company: Company) -> None:
    @settings(
        max_examples=60,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(asks, min_size=10, max_size=40))
    def holds(commands: list[Command]) -> None:
        who = f"M{next(MEMBERS)}"
        company.ask(EnrolMember(id=who))
        company.try_all([command.model_copy(update={"id": who}) for command in commands])
        with company.read() as connection:
            stream = company.store.history(connection, Member.stream(who))
            events = [(e.occurred_at, CODEC.decode(e.type, e.schema, e.data)) for e in stream]
        for at in sorted({at for at, _ in events}):
            then = Member.after(event for happened, event in events if happened <= at)
            assert all(lot.left >= 0 for lot in then.lots.full.values())
            assert then.balance(instant(at)) >= -max(then.debt, 0)

    holds()
