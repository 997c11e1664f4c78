"""A deposit is never below zero at any instant, in whatever order it is told."""

from datetime import timedelta
from itertools import accumulate

import hypothesis.strategies as st
from hypothesis import given, settings
from scenario import NOON

from aggregates.loyalty.member.deposit import DepositRefused, DepositSpent, DepositToppedUp
from aggregates.loyalty.member.deposits import Deposits

acts = st.tuples(st.sampled_from("+-"), st.integers(0, 9), st.integers(1, 9))


@settings(max_examples=60, derandomize=True, database=None)
@given(st.lists(acts, max_size=12))
def test_what_is_spent_was_there_by_then(told: list[tuple[str, int, int]]) -> None:
    state, changes = Deposits(), []
    for number, (act, day, amount) in enumerate(told):
        at = NOON + timedelta(days=day)
        if act == "+":
            asked = DepositToppedUp(str(number), "CNY", amount, None, at)
            (event,) = state.top_up(asked, None, ())
        else:
            spent = DepositSpent(str(number), "CNY", amount, None, at)
            (event,) = state.spend(spent, None, at, ())
        state = state.fold(event)
        if not isinstance(event, DepositRefused):
            changes.append((day, act == "-", amount if act == "+" else -amount))
        after = list(accumulate(change for _, _, change in sorted(changes)))
        assert all(one >= 0 for one in after)
        last = after[-1] if after else 0
        assert state.balance("CNY", NOON + timedelta(days=9)) == last
