"""What may be asked about what somebody is told of."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field
from pydantic import StringConstraints as Constraints

from aggregates import Event, Refused, Unknown
from aggregates.notices.subscription import (
    Language,
    Subscribed,
    SubscriptionDetails,
    Subscriptions,
    no_subscription,
)
from aggregates.organisation.account import Account
from commands import Command, Decision, Id, Load, Whole
from commands.change import Change, Kept
from commands.fields import Truth, fault
from commands.notices.offered import check_condition, offered

MOST_EVENTS = 50
DETAILS = tuple(SubscriptionDetails.__dataclass_fields__)


def _known(name: str) -> str:
    if name not in Event.known:
        raise fault(
            "event",
            "There is no event {name}: GET /catalogue tells which there are",
            "没有事件 {name}：可用的事件见 GET /catalogue",
            name=name[:100],
        )
    return name


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        en, zh = (
            "{name} is no time zone: write Asia/Shanghai",
            "{name} 不是时区：请填写 Asia/Shanghai",
        )
        raise fault("zone", en, zh, name=name) from None
    return name


Zone = Annotated[str, Constraints(max_length=64), AfterValidator(_zone)]
EventName = Annotated[str, AfterValidator(_known)]
Events = Annotated[tuple[EventName, ...], Field(max_length=MOST_EVENTS)]
Hour = Annotated[Whole, Field(ge=0, le=23)]
Where = Annotated[str, Constraints(min_length=1, max_length=1_000)]
OWN = "Only of things of one's own: those that one owns, or that are of one's own dealer."
WHERE = "A condition on what the thing is then, in the language of lists."
TO = "Where it is sent, besides to the inbox: the id of one of the account's destinations."
QUIET = "From this hour on, up to quiet_until, nothing is sent; it goes out then."
DIGEST = "The hour at which all of a day is sent at once."
ZONE = "In which the hours are meant; the company's, unless told."


class NothingOwn(Refused):
    """An account that is nobody's has nothing of its own."""


class Subscribe(Command, of=Subscriptions):
    """Let an account be told of events: in its inbox, and at a destination that it has.

    Without `events` it is of the notice that is offered under that name.
    """

    name: Id = Field(description="What the account calls it.", examples=["order-refused"])
    events: Events = Field((), examples=[["OrderRejected"]])
    own: Truth = Field(False, description=OWN)
    where: Where | None = Field(None, description=WHERE, examples=["amount.gte=100000"])
    destination: Id | None = Field(None, description=TO)
    quiet_from: Hour | None = Field(None, description=QUIET, examples=[22])
    quiet_until: Hour | None = Field(None, examples=[7])
    digest_at: Hour | None = Field(None, description=DIGEST, examples=[8])
    zone: Zone | None = Field(None, description=ZONE, examples=["Asia/Shanghai"])
    language: Language = "zh-CN"

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Subscriptions = load(Subscriptions, self.id)
        asked = Subscribed(**{name: getattr(self, name) for name in DETAILS})
        for event in state.subscribe(asked):
            _check(load, self.id, asked)
            yield self.stream, event


class ChangeSubscription(Change, of=Subscriptions):
    """Change what an account is told of, and how; what is left out stays, null clears it."""

    name: Id
    events: Kept[Events] = None
    own: Kept[Truth] = Field(None, description=OWN)
    where: Where | None = Field(None, description=WHERE)
    destination: Id | None = Field(None, description=TO)
    quiet_from: Hour | None = Field(None, description=QUIET)
    quiet_until: Hour | None = None
    digest_at: Hour | None = Field(None, description=DIGEST)
    zone: Zone | None = Field(None, description=ZONE)
    language: Kept[Language] = None

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Subscriptions = load(Subscriptions, self.id)
        for event in state.change(self.name, self.told(*DETAILS)):
            _check(load, self.id, event)
            yield self.stream, event


class Unsubscribe(Command, of=Subscriptions):
    """Tell an account no longer of something; a notice that is offered ends by its name as well."""

    name: Id

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Subscriptions = load(Subscriptions, self.id)
        if self.name not in (*state.held, *state.ended, *offered()):
            raise no_subscription(self.name)
        load(Account, self.id).known()
        for event in state.unsubscribe(self.name):
            yield self.stream, event


def _check(load: Load, account: str, details: Any) -> None:
    """Refuse what could never be told of."""
    holder: Account = load(Account, account)
    holder.known()
    if details.own and holder.opened and not (holder.opened.person or holder.opened.dealer):
        raise NothingOwn(
            f"The account {account} is of no person and of no dealer, so nothing is its own."
            " Leave own out, or give a condition in where.",
            f"账号 {account} 不属于任何员工或经销商，没有本人的记录。"
            "请不填 own，或用 where 指定条件。",
        )
    events: Sequence[str] = details.events or offered().get(details.name, ())
    if not events and details.name not in offered():
        names = ", ".join(offered())
        raise Unknown(
            f"No notice {details.name} is offered. Name the events, or take one of {names}.",
            f"没有名为 {details.name} 的通知。请指定事件，或选择：{names}。",
        )
    if details.where is not None:
        check_condition(events, details.where)
