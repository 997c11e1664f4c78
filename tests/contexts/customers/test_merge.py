"""However customers are merged and taken apart, nobody goes in a circle, and nothing is lost."""

from dataclasses import replace

from hypothesis import given as each
from hypothesis import settings
from hypothesis import strategies as st
from scenario import World

from aggregates import Refused
from aggregates.customers.customer import Customer
from commands.customers.customer import RegisterCustomer
from commands.customers.merge import MergeCustomer, UnmergeCustomer
from commands.organisation.rep import HireRep

NAMES = "ABCD"
name = st.sampled_from(NAMES)


@settings(max_examples=30)
@each(st.lists(st.tuples(name, st.one_of(st.none(), name)), max_size=8))
def test_merges_go_in_no_circle_and_are_undone_without_a_trace(
    asked: list[tuple[str, str | None]],
) -> None:
    world = World()
    world.ask(HireRep(id="R", name="Li", department="east", region="east"))
    shop = {"customer_kind": "retailer", "owner": "R"}
    world.ask(*(RegisterCustomer(id=one, name=one, **shop) for one in NAMES))
    before = {one: world.load(Customer, one) for one in NAMES}
    for one, into in asked:
        try:
            if into is None:
                world.ask(UnmergeCustomer(id=one, reason="two"))
            else:
                world.ask(MergeCustomer(id=one, customer=into, reason="one"))
        except Refused:
            continue
        for start in NAMES:
            met, now = {start}, world.load(Customer, start).merged_into
            while now is not None:
                assert now not in met, "a circle"
                met.add(now)
                now = world.load(Customer, now).merged_into
    for one in NAMES:
        world.ask(UnmergeCustomer(id=one, reason="two"))
    after = {one: replace(world.load(Customer, one), unmerged=None) for one in NAMES}
    assert after == before
