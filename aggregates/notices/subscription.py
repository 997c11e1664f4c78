"""What somebody wants to be told of: an account has subscriptions, each by a name of its own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Literal, NamedTuple, Self

from aggregates import Aggregate, Event, Refused, Unknown, repeats

MOST = 50
"""Subscriptions of one account."""
Language = Literal["en", "zh-CN"]


@dataclass(frozen=True)
class SubscriptionDetails:
    """Without `events` it is of the notice that the platform offers under its name.

    `own` is of things of one's own alone, `where` a condition on what the thing is then. Without a
    destination it goes to the inbox alone. What comes in quiet hours goes out at their end, and
    with `digest_at` all of a day goes out at once; these are hours of the `zone`, or of the
    company's.
    """

    name: str
    events: tuple[str, ...] = ()
    own: bool = False
    where: str | None = None
    destination: str | None = None
    quiet_from: int | None = None
    quiet_until: int | None = None
    digest_at: int | None = None
    zone: str | None = None
    language: Language = "zh-CN"


class Subscribed(SubscriptionDetails, Event):
    pass


class SubscriptionChanged(SubscriptionDetails, Event):
    pass


class Unsubscribed(Event):
    """Of a name that was never subscribed to, it ends what the platform offers under it."""

    name: str


SubscriptionEvent = Subscribed | SubscriptionChanged | Unsubscribed


class TooManySubscriptions(Refused):
    """Nobody follows more than so many."""


class HalfQuiet(Refused):
    """Quiet hours have a beginning and an end."""


class Subscription(NamedTuple):
    """As it was at first, to know a repeat, and as it is now."""

    first: Subscribed
    now: SubscriptionDetails


@dataclass(frozen=True)
class Subscriptions(Aggregate):
    """All subscriptions of one account, whose name is its id."""

    kind: ClassVar[str] = "subscription"
    of_another: ClassVar[bool] = True

    held: Mapping[str, Subscription] = field(default_factory=dict)
    ended: tuple[str, ...] = ()

    @classmethod
    def reached_by(cls, id: str) -> tuple[str, str]:
        return "account", id

    def subscribe(self, asked: Subscribed) -> Iterator[SubscriptionEvent]:
        before = self.held.get(asked.name)
        if repeats(before and before.first, asked):
            return
        if len(self.held) >= MOST:
            raise TooManySubscriptions(
                f"The account has {len(self.held)} subscriptions, and {MOST} are allowed."
                " Unsubscribe from one first.",
                f"该账号已有 {len(self.held)} 个订阅，最多 {MOST} 个。请先取消一个。",
            )
        _check_hours(asked)
        yield asked

    def change(self, name: str, told: Mapping[str, Any]) -> Iterator[SubscriptionEvent]:
        """Set what is told, and keep the rest."""
        if name not in self.held:
            raise no_subscription(name)
        now = self.held[name].now
        after = SubscriptionChanged(**{**vars(now), **told})
        if vars(after) != vars(now):
            _check_hours(after)
            yield after

    def unsubscribe(self, name: str) -> Iterator[SubscriptionEvent]:
        if name not in self.ended:
            yield Unsubscribed(name)

    def evolve(self, event: SubscriptionEvent) -> Self:
        match event:
            case Subscribed(name):
                held = {**self.held, name: Subscription(event, event)}
                ended = tuple(one for one in self.ended if one != name)
                return replace(self, held=held, ended=ended)
            case SubscriptionChanged(name):
                changed = self.held[name]._replace(now=event)
                return replace(self, held={**self.held, name: changed})
            case Unsubscribed(name):
                left = {one: how for one, how in self.held.items() if one != name}
                return replace(self, held=left, ended=(*self.ended, name))


def no_subscription(name: str) -> Unknown:
    return Unknown(
        f"The account has no subscription {name}. Subscribe first, or look its names up:"
        " GET /subscriptions.",
        f"该账号没有订阅 {name}。请先订阅，或查看订阅名称：GET /subscriptions。",
    )


def _check_hours(details: SubscriptionDetails) -> None:
    quiet = details.quiet_from, details.quiet_until
    if (quiet[0] is None) != (quiet[1] is None):
        given = next(hour for hour in quiet if hour is not None)
        raise HalfQuiet(
            f"Of the quiet hours only {given} is given. Give both quiet_from and quiet_until, or"
            " neither.",
            f"免打扰时间只填写了 {given}。请同时填写 quiet_from 和 quiet_until，或都不填。",
        )
    if quiet[0] is not None and quiet[0] == quiet[1]:
        raise HalfQuiet(
            f"From {quiet[0]} to {quiet[1]} no time is quiet. Give another quiet_until, or"
            " neither.",
            f"从 {quiet[0]} 点到 {quiet[1]} 点没有免打扰时间。请填写不同的 quiet_until，或都不填。",
        )
