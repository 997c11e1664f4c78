"""On no day hold two agreements with a dealer, whatever is signed and ended when."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as some
from scenario import World

from aggregates import Refused
from aggregates.calendar import day_start
from aggregates.channel.agreement import Agreement
from commands.channel.agreement import DraftAgreement, EndAgreement, SignAgreement, agreement_on
from commands.customers.customer import RegisterCustomer
from commands.organisation.rep import HireRep

FIRST = date(2026, 1, 1)
Terms = some.tuples(some.integers(0, 20), some.integers(0, 10), some.integers(-5, 15) | some.none())


def in_force(one: Agreement, day: date) -> bool:
    """Whether it was signed, and holds on that day, by what it says itself."""
    terms = one.known()
    if one.signed is None or not terms.valid_from <= day <= terms.valid_until:
        return False
    return one.ended is None or day <= one.ended.last_day


@given(some.lists(Terms, max_size=5))
@settings(max_examples=30)
def test_on_any_day_one_agreement_holds_at_most_and_none_that_has_ended(
    terms: list[tuple[int, int, int | None]],
) -> None:
    world = World()
    world.ask(
        HireRep(id="A", name="Li", department="east", region="east"),
        RegisterCustomer(id="D", name="Shop", customer_kind="dealer", owner="A"),
    )
    for number, (start, length, end) in enumerate(terms):
        named = {"dealer": "D", "agreement": str(number)}
        first = FIRST + timedelta(days=start)
        days = {"valid_from": first, "valid_until": first + timedelta(days=length)}
        world.ask(DraftAgreement(**named, **days))
        try:
            world.ask(SignAgreement(**named, signed_by="Zhao"))
            if end is not None:
                last = first + timedelta(days=end)
                world.ask(EndAgreement(**named, last_day=last, reason="late"))
        except Refused:
            continue
    for offset in range(40):
        day = FIRST + timedelta(days=offset)
        states = {str(n): world.load(Agreement, f"D:{n}") for n in range(len(terms))}
        holding = [f"D:{n}" for n, one in states.items() if in_force(one, day)]
        found = agreement_on(world.load, "D", day_start(day))
        assert holding == ([] if found is None else [found[0]])
