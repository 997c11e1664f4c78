"""The shapes of answers about notices and subscriptions."""

from pydantic import Field

from services.api.schemas import Instant, Shape
from services.notices.deliveries import State


class NoticeShape(Shape):
    id: str
    notice: str = Field(description="The subscription by which the account was told.")
    title: str = Field(description="In the language of Accept-Language.")
    about: str = Field(description="What the event says besides, such as the reason of a refusal.")
    link: str = Field(description="The address of the thing.", examples=["/orders/SO-1"])
    stream: str
    type: str = Field(description="Of the event.")
    position: int
    occurred_at: Instant
    told_at: Instant
    read_at: Instant | None


class UnreadCount(Shape):
    count: int = Field(description="Of what the account may see still.")
    capped: bool = Field(description="Whether there are more than were counted.")


class NoticeList(Shape):
    data: list[NoticeShape]
    unread: UnreadCount
    next: str | None


class NoticesChanged(Shape):
    changed: int
    unread: UnreadCount


class SubscriptionShape(Shape):
    name: str
    label: str
    offered: bool = Field(description="Whether everybody has it who does not unsubscribe.")
    subscribed: bool
    events: list[str]
    own: bool = False
    where: str | None = None
    destination: str | None = None
    quiet_from: int | None = None
    quiet_until: int | None = None
    digest_at: int | None = None
    zone: str | None = None
    language: str | None = None


class SubscriptionList(Shape):
    data: list[SubscriptionShape]


class DestinationShape(Shape):
    id: str = Field(description="What a subscription names.")
    channel: str
    address: str = Field(description="Of a robot no more than where it leads.")
    confirmed: bool = Field(
        description="Whether notices are sent there: to a mail address once its code was given."
    )
    created_at: Instant
    failures: int = Field(description="In a row.")
    paused_until: Instant | None = Field(description="When it is tried again.")
    error: str | None


class DestinationList(Shape):
    data: list[DestinationShape]


class MadeDestination(DestinationShape):
    secret: str | None = Field(description="By which a webhook is verified: shown this once.")


class ReplayBegun(Shape):
    after: int
    until: int = Field(description="The position up to which it is sent once more.")


class DeliveryShape(Shape):
    """A notice that was to be sent somewhere."""

    position: int = Field(description="Of the event.")
    account: str
    subscription: str
    destination: str
    about: str = Field(description="The stream of the thing.")
    type: str = Field(description="Of the event.")
    state: State = Field(
        description="`parked` is what nobody took, `withheld` what the account may see no longer."
    )
    due: Instant
    tries: int = Field(description="That failed.")
    message: str | None = Field(description="The id under which it is sent, however often.")
    error: str | None
    told_at: Instant
    sent_at: Instant | None


class DeliveryList(Shape):
    data: list[DeliveryShape]


class DeliveriesRetried(Shape):
    retried: int = Field(description="Parked notices that are sent again.")


class DestinationTested(Shape):
    sent: bool
    error: str | None = Field(description="Why it was not taken.")
