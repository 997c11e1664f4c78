"""What a member has in points is what was earned, less all that went."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from company import Company

from aggregates.loyalty.member import Member
from commands import Command
from commands.loyalty.member import EnrolMember, ExpirePoints, RedeemPoints, ReverseRedemption
from commands.loyalty.purchase import EarnPoints, ReverseEarning
from projections.engine import why
from projections.engine.figure import FigureQuery
from projections.engine.reading import AsOf
from projections.loyalty import points

MEMBERS = ("M1", "M2", "M3")
THEN = datetime(2026, 3, 2, 4, tzinfo=UTC)


def wishes(luck: random.Random) -> Iterator[Command]:
    for member in MEMBERS:
        yield EnrolMember(id=member, occurred_at=THEN)
    for number in range(60):
        who: dict[str, Any] = {"id": luck.choice(MEMBERS)}
        match luck.randrange(6):
            case 0 | 1:
                until = luck.choice([None, date(2026, 3, 9), date(2099, 1, 1)])
                what: dict[str, Any] = {"purchase": f"B{number}", "points": luck.randint(1, 90)}
                yield EarnPoints(**who, **what, expires_on=until, occurred_at=THEN)
            case 2:
                spent = luck.randint(1, 60)
                yield RedeemPoints(**who, redemption=f"R{number}", form="gift", points=spent)
            case 3:
                yield ReverseRedemption(**who, redemption=f"R{luck.randrange(60)}")
            case 4:
                yield ReverseEarning(**who, purchase=f"B{luck.randrange(60)}", reason="x")
            case 5:
                yield ExpirePoints(**who)


@pytest.mark.parametrize("seed", range(3))
def test_the_balance_of_a_member_is_what_its_lots_hold_less_what_is_owed(
    found: Any, seed: int
) -> None:
    company: Company = found()
    company.try_all(wishes(random.Random(seed)))
    company.follow()
    states = {key.removeprefix("member-"): one for key, one in company.states(Member).items()}
    with company.read() as connection:
        rows = points.figure.rows(FigureQuery(connection)).rows
        balances = {row["member"]: row["balance"] for row in rows}
        for member, state in states.items():
            assert balances.get(member, 0) == state.lots.left - state.debt
        for row in rows:
            went = row["redeemed"] + row["expired"] + row["taken_back"]
            assert row["balance"] == row["earned"] - went
            behind = why.answer(connection, points.view, why.Question({"member": row["member"]}))
            assert behind.figure["balance"] == row["balance"]
        assert any(row["expired"] for row in rows)
        middle = company.head() // 2
        then = points.figure.rows(FigureQuery(connection, AsOf(middle))).rows
    ledger = [one for one in company.ledger(points.view) if one["position"] <= middle]
    assert sum(row["balance"] for row in then) == sum(one["balance"] for one in ledger)
