"""Categories and units: master data that follows from fields, in trees without circles."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scenario import World

from aggregates import ReferenceTaken, Refused, Unknown
from aggregates.catalog.category import Category, CategoryChanged, CategoryRegistered
from aggregates.catalog.product import ProductDetailsChanged
from aggregates.catalog.unit import Unit, UnitRegistered
from aggregates.operations.register import IdRegistered, TooAlike
from aggregates.plain import Circle, IsClosed, TooDeep, Unfit
from commands.catalog.product import AddProduct, ChangeProductDetails
from commands.plain import DEEPEST, verbs

add, change, close, reopen, withdraw = verbs(Category)
unit = verbs(Unit)


def tea(**more: str) -> AddProduct:
    said = {"name": "Tea", "category": "tea", "unit": "box", "currency": "CNY", **more}
    return AddProduct(id="tea", list_price=100, **said)


@pytest.fixture
def world() -> World:
    made = World({})
    made.ask(add(id="drinks", name="Drinks"), add(id="tea", name="Tea", parent="drinks"))
    return made


def test_a_category_is_registered_once_below_another(world: World) -> None:
    green = add(id="green", name="Green tea", parent="tea")
    assert world.ask(green) == (CategoryRegistered("Green tea", "tea"), IdRegistered("green"))
    assert world.ask(green) == ()
    assert "parent tea, not nothing" in world.refuses(
        add(id="green", name="Green tea"), ReferenceTaken
    )
    world.refuses(add(id="GREEN", name="Other"), TooAlike)


def test_what_it_lies_below_must_be_there_and_open(world: World) -> None:
    world.refuses(add(id="x", name="X", parent="nowhere"), Unknown)
    world.ask(close(id="tea", reason="merged"))
    world.refuses(add(id="x", name="X", parent="tea"), IsClosed)
    world.ask(reopen(id="tea"))
    world.ask(add(id="x", name="X", parent="tea"))


def test_nothing_lies_below_itself(world: World) -> None:
    world.ask(add(id="green", name="Green", parent="tea"))
    world.refuses(add(id="x", name="X", parent="x"), Refused)
    world.refuses(change(id="drinks", parent="drinks"), Circle)
    world.refuses(change(id="drinks", parent="green"), Circle)
    assert world.ask(change(id="tea", parent=None)) == (CategoryChanged("Tea", None),)
    world.ask(change(id="drinks", parent="green"))


def test_a_tree_has_so_many_levels_at_most(world: World) -> None:
    world.ask(add(id="0", name="0"))
    for level in range(1, DEEPEST):
        world.ask(add(id=str(level), name="x", parent=str(level - 1)))
    world.refuses(add(id="deepest", name="x", parent=str(DEEPEST - 1)), TooDeep)


@settings(max_examples=60, derandomize=True, database=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.one_of(st.none(), st.integers(0, 4)))))
def test_whatever_is_moved_below_whatever_it_stays_a_tree(moves: list[tuple[int, int]]) -> None:
    world = World({})
    world.ask(*(add(id=str(each), name="x") for each in range(5)))
    above: dict[int, int | None] = dict.fromkeys(range(5))
    for below, parent in moves:
        up, circle = parent, False
        while up is not None and not circle:
            circle, up = up == below, above[up]
        asked = change(id=str(below), parent=None if parent is None else str(parent))
        if circle:
            world.refuses(asked, Circle)
        else:
            world.ask(asked)
            above[below] = parent


def test_a_unit_converts_by_another_one_and_a_factor_or_not_at_all() -> None:
    world = World({})
    world.ask(unit.register(id="bottle", name="Bottle"))
    world.refuses(unit.register(id="case", name="Case", base="bottle"), Unfit)
    made = world.ask(unit.register(id="case", name="Case", base="bottle", factor=24))
    assert made[0] == UnitRegistered("Case", "bottle", 24)
    world.refuses(unit.change(id="case", factor=None), Unfit)
    world.ask(unit.change(id="case", base=None, factor=None))


def test_from_the_first_one_on_products_name_what_is_registered(world: World) -> None:
    free = World({})
    free.ask(tea(category="whatever"))
    world.refuses(tea(category="coffee"), Unknown)
    world.ask(tea())
    world.refuses(ChangeProductDetails(id="tea", category="coffee"), Unknown)
    world.ask(close(id="drinks", reason="merged"))
    world.refuses(ChangeProductDetails(id="tea", category="drinks"), IsClosed)
    world.ask(unit.register(id="bag", name="Bag"))
    assert world.ask(ChangeProductDetails(id="tea", name="Green tea")) == (
        ProductDetailsChanged("Green tea", "tea", "box", None, "CNY"),
    )
    world.refuses(ChangeProductDetails(id="tea", unit="case"), Unknown)
    world.ask(ChangeProductDetails(id="tea", unit="bag"))
