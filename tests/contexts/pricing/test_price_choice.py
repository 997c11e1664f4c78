"""Which price list gives the price: what is chosen is what a plain search of all lists says."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from aggregates.pricing.list_price import ListPriceSet, QuantityBreak, price_for
from aggregates.pricing.price_choice import OfferedPrice, Wanted, choose_price
from aggregates.pricing.terms import Buyer, PriceListDetails

DAY = date(2026, 3, 2)
SHOP = Buyer("C-1", "retailer", "A", "east")
WANTED = Wanted("tea", 10, "box", "CNY")
near = st.integers(-3, 3).map(lambda days: (DAY + timedelta(days=days)).isoformat())


def ladder(*breaks: tuple[int, int], unit: str = "box", currency: str = "CNY") -> ListPriceSet:
    made = tuple(QuantityBreak(*one) for one in breaks)
    return ListPriceSet("L", "tea", 1, unit, currency, made, None, DAY)


def offer(id: str, priority: int, price: ListPriceSet | None, **more: object) -> OfferedPrice:
    details = PriceListDetails(id, "CNY", priority, **more)  # type: ignore[arg-type]
    return OfferedPrice(id, 1, details, closed=False, price=price)


prices = st.none() | st.builds(
    ladder,
    st.tuples(st.integers(1, 12), st.integers(1, 50)),
    unit=st.sampled_from(["box", "case"]),
    currency=st.sampled_from(["CNY", "USD"]),
)
offers = st.builds(
    OfferedPrice,
    st.text("abcdef", min_size=1, max_size=2),
    st.integers(1, 9),
    st.builds(
        PriceListDetails,
        st.just("a list"),
        st.sampled_from(["CNY", "USD"]),
        st.integers(0, 3),
        st.sampled_from([None, "C-1", "C-2"]),
        st.sampled_from([None, "retailer", "dealer"]),
        st.sampled_from([None, "A", "B"]),
        st.sampled_from([None, "east", "west"]),
        st.none() | near,
        st.none() | near,
    ),
    st.booleans(),
    prices,
)


def plainly_fits(one: OfferedPrice) -> bool:
    """The conditions, each written out."""
    d = one.details
    mine = d.customer in (None, "C-1") and d.customer_kind in (None, "retailer")
    mine = mine and d.importance in (None, "A") and d.region in (None, "east")
    begun = d.valid_from is None or date.fromisoformat(d.valid_from) <= DAY
    going_on = d.valid_until is None or date.fromisoformat(d.valid_until) >= DAY
    price = one.price
    priced = isinstance(price, ListPriceSet) and (price.unit, price.currency) == ("box", "CNY")
    enough = isinstance(price, ListPriceSet) and price.breaks[0].quantity <= 10
    return (
        mine and begun and going_on and not one.closed and d.currency == "CNY" and priced and enough
    )


@given(st.lists(offers, max_size=8, unique_by=lambda one: one.price_list))
def test_the_price_is_that_of_the_fitting_list_of_highest_priority(
    every: list[OfferedPrice],
) -> None:
    choice = choose_price(SHOP.ranked(every), WANTED, DAY)
    fitting = [one for one in every if plainly_fits(one)]
    best = min(fitting, key=lambda one: (-one.details.priority, one.price_list), default=None)
    assert choice.offered == best
    chosen = [one.id for one in choice.considered if one.outcome == "chosen"]
    assert chosen == ([] if best is None else [best.price_list])


@given(st.lists(offers, max_size=8, unique_by=lambda one: one.price_list))
def test_nobody_is_told_of_lists_for_other_customers(every: list[OfferedPrice]) -> None:
    told = {one.id for one in choose_price(SHOP.ranked(every), WANTED, DAY).considered}
    of_others = {one.price_list for one in every if one.details.customer == "C-2"}
    assert not told & of_others


falling = st.lists(
    st.tuples(st.integers(1, 100), st.integers(1, 1_000)), min_size=1, max_size=6
).map(
    lambda some: zip(
        sorted({quantity for quantity, _ in some}),
        sorted({price for _, price in some}, reverse=True),
        strict=False,
    )
)


@given(falling, st.integers(1, 120), st.integers(1, 120))
def test_whoever_takes_more_pays_no_more_for_each_where_the_list_falls(
    breaks: object, some: int, more: int
) -> None:
    price = ladder(*breaks)  # type: ignore[misc]
    less, greater = price_for(price, min(some, more)), price_for(price, max(some, more))
    if less is not None:
        assert greater is not None
        assert greater.unit_price <= less.unit_price


def test_an_expired_list_is_not_applied() -> None:
    spring = offer("spring", 9, ladder((1, 500)), valid_until="2026-03-01")
    always = offer("always", 1, ladder((1, 900)))
    choice = choose_price(SHOP.ranked([spring, always]), WANTED, DAY)
    assert choice.offered == always
    assert [(one.id, one.outcome) for one in choice.considered] == [
        ("spring", "expired"),
        ("always", "chosen"),
    ]


def test_a_list_holds_on_its_first_and_its_last_day() -> None:
    today = offer(
        "today", 1, ladder((1, 900)), valid_from=DAY.isoformat(), valid_until=DAY.isoformat()
    )
    assert choose_price(SHOP.ranked([today]), WANTED, DAY).offered == today


def test_lists_that_lose_say_why() -> None:
    every = [
        offer("own", 5, ladder((1, 700)), customer="C-1"),
        offer("class-a", 4, ladder((1, 800)), importance="A"),
        offer("bulk", 6, ladder((100, 600))),
        offer("cases", 6, ladder((1, 9_000), unit="case")),
        offer("empty", 6, None),
    ]
    choice = choose_price(SHOP.ranked(every), WANTED, DAY)
    assert {one.id: one.outcome for one in choice.considered} == {
        "bulk": "quantity_too_small",
        "cases": "other_unit",
        "empty": "no_price",
        "own": "chosen",
        "class-a": "lower_priority",
    }
