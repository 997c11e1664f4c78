"""A position is filled by one person at a time, and its department is where that person works."""

from scenario import World

from aggregates import Refused, Unknown
from aggregates.organisation.department import Department
from aggregates.organisation.position import Position
from aggregates.organisation.rep import PositionLeft, PositionTaken, Rep, RepGone, RepMoved
from commands import plain
from commands.organisation.position import LeavePosition, PositionIsFilled, TakePosition
from commands.organisation.rep import DismissRep, HireRep

hired = [HireRep(id=name, name=name, department="east", region="r") for name in ("li", "wu")]
departments = [plain.verbs(Department).register(id=one, name=one) for one in ("east", "west")]
position = plain.verbs(Position)
head = position.register(id="head-west", name="Head", department="west", heads="yes")
clerk = position.register(id="clerk-east", name="Clerk", department="east", reports_to="head-west")


def company() -> World:
    world = World()
    world.ask(*departments, head, clerk, *hired)
    return world


def test_the_first_position_is_the_main_one_and_moves_its_holder() -> None:
    world = company()
    taken = world.ask(TakePosition(id="li", position="head-west"))
    assert taken == (PositionTaken("head-west", main=True), RepMoved("west", "r"))
    assert world.ask(TakePosition(id="li", position="head-west")) == ()
    beside = world.ask(TakePosition(id="li", position="clerk-east"))
    assert beside == (PositionTaken("clerk-east", main=False),)
    main = world.ask(TakePosition(id="li", position="clerk-east", main=True))
    assert main == (PositionTaken("clerk-east", main=True), RepMoved("east", "r"))


def test_a_position_is_filled_by_one_person_at_a_time() -> None:
    world = company()
    world.ask(TakePosition(id="li", position="head-west"))
    take = TakePosition(id="wu", position="head-west")
    assert "filled by li" in world.refuses(take, PositionIsFilled)
    leave = LeavePosition(id="li", position="head-west", reason="moved")
    assert world.ask(leave) == (PositionLeft("head-west", "moved"),)
    assert world.ask(leave) == ()
    assert world.ask(take)[0] == PositionTaken("head-west", main=True)


def test_who_leaves_the_company_gives_up_all_positions() -> None:
    world = company()
    world.ask(TakePosition(id="li", position="head-west"), DismissRep(id="li", reason="retired"))
    assert world.load(Rep, "li").positions == ()
    world.refuses(TakePosition(id="li", position="clerk-east"), RepGone)
    assert world.ask(TakePosition(id="wu", position="head-west"))[0].main  # type: ignore[attr-defined]


def test_a_position_must_be_there_and_in_use() -> None:
    world = company()
    world.refuses(TakePosition(id="li", position="nowhere"), Unknown)
    world.refuses(LeavePosition(id="li", position="head-west", reason="x"), Unknown)
    world.ask(position.close(id="head-west", reason="saved"))
    world.refuses(TakePosition(id="li", position="head-west"), Refused)


def test_the_next_position_becomes_the_main_one_when_that_is_given_up() -> None:
    world = company()
    take = [TakePosition(id="li", position=one) for one in ("head-west", "clerk-east")]
    world.ask(*take, LeavePosition(id="li", position="head-west", reason="x"))
    assert world.load(Rep, "li").main == "clerk-east"
