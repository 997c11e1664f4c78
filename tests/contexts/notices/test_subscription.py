"""An account says what it is told of: once, by name, and only of what can be."""

import pytest
from pydantic import ValidationError
from scenario import World

from aggregates import ReferenceTaken, Unknown
from aggregates.notices.subscription import (
    MOST,
    HalfQuiet,
    Subscribed,
    SubscriptionChanged,
    TooManySubscriptions,
    Unsubscribed,
)
from commands.notices import offered
from commands.notices.subscription import (
    ChangeSubscription,
    NothingOwn,
    Subscribe,
    Unsubscribe,
)
from commands.organisation.account import OpenAccount
from commands.organisation.rep import HireRep
from services.notices.conditions import BadCondition, check

REJECTED = ("OrderRejected",)
subscribe = Subscribe(id="li", name="mine", events=REJECTED, own=True)
change = ChangeSubscription(id="li", name="mine", digest_at=8)
unsubscribe = Unsubscribe(id="li", name="mine")


@pytest.fixture
def world() -> World:
    offered.use(check)
    made = World()
    made.ask(
        HireRep(id="R1", name="Li", department="east", region="east"),
        OpenAccount(id="li", person="R1"),
        OpenAccount(id="robot"),
    )
    return made


def test_what_was_subscribed_to_is_not_subscribed_to_twice(world: World) -> None:
    asked = Subscribed("mine", REJECTED, own=True)
    assert world.ask(subscribe) == (asked,)
    assert world.ask(subscribe) == ()
    world.refuses(subscribe.model_copy(update={"own": False}), ReferenceTaken)


def test_a_change_keeps_what_it_leaves_out(world: World) -> None:
    changed = SubscriptionChanged("mine", REJECTED, own=True, digest_at=8)
    assert world.ask(subscribe, change) == (changed,)
    assert world.ask(change) == ()
    assert world.ask(subscribe) == ()
    world.refuses(change.model_copy(update={"name": "other"}), Unknown)


def test_what_ended_can_be_subscribed_to_again(world: World) -> None:
    assert world.ask(subscribe, unsubscribe) == (Unsubscribed("mine"),)
    assert world.ask(unsubscribe) == ()
    assert world.ask(subscribe) == (Subscribed("mine", REJECTED, own=True),)


def test_what_is_offered_ends_by_its_name(world: World) -> None:
    assert world.ask(Unsubscribe(id="li", name="order-refused")) == (Unsubscribed("order-refused"),)
    world.refuses(Unsubscribe(id="li", name="order-refusal"), Unknown)


def test_without_events_a_subscription_is_of_what_is_offered(world: World) -> None:
    mail = Subscribe(id="li", name="order-refused", destination="mail")
    assert world.ask(mail) == (Subscribed("order-refused", destination="mail"),)
    said = world.refuses(mail.model_copy(update={"name": "order-refusal"}), Unknown)
    assert "order-refused" in said


def test_a_condition_must_fit_the_things_of_every_event(world: World) -> None:
    large = subscribe.model_copy(update={"where": "amount.gte=100"})
    assert len(world.ask(large)) == 1
    said = world.refuses(
        Subscribe(id="li", name="x", events=REJECTED, where="colour=red"), BadCondition
    )
    assert "colour" in said
    both = ("OrderRejected", "CustomerReassigned")
    world.refuses(Subscribe(id="li", name="x", events=both, where="amount.gte=1"), BadCondition)


def test_an_account_that_is_nobodys_has_nothing_of_its_own(world: World) -> None:
    world.refuses(subscribe.model_copy(update={"id": "robot"}), NothingOwn)


def test_quiet_hours_have_a_beginning_and_an_end(world: World) -> None:
    world.refuses(subscribe.model_copy(update={"quiet_from": 22}), HalfQuiet)
    world.ask(subscribe)
    world.refuses(change.model_copy(update={"quiet_until": 7}), HalfQuiet)
    no_time = {"quiet_from": 22, "quiet_until": 22}
    world.refuses(change.model_copy(update=no_time), HalfQuiet)


def test_nobody_follows_without_end(world: World) -> None:
    for number in range(MOST):
        world.ask(subscribe.model_copy(update={"name": f"n{number}"}))
    world.refuses(subscribe, TooManySubscriptions)


def test_an_unknown_account_subscribes_to_nothing(world: World) -> None:
    world.refuses(subscribe.model_copy(update={"id": "nobody"}), Unknown)


def test_an_event_that_there_is_not_is_named() -> None:
    with pytest.raises(ValidationError, match="There is no event OrderEaten"):
        Subscribe(id="li", name="x", events=("OrderEaten",))
