"""The shapes of answers about keys, sessions and the log of access."""

from pydantic import Field, JsonValue

from services.api.schemas import Instant, Shape


class KeyShape(Shape):
    id: str = Field(description="What it is called; it cannot be used.")
    account: str = Field(description="The actor on every event that it asks for.")
    label: str | None
    scopes: list[str] | None = Field(description="What it may do; all the account may, if null.")
    created_at: Instant
    ends_at: Instant | None
    revoked_at: Instant | None
    last_used_at: Instant | None = Field(description="Up to two minutes behind.")


class KeyList(Shape):
    data: list[KeyShape]


class MadeKey(KeyShape):
    key: str = Field(description="Shown this once.")


class CalendarAddress(Shape):
    """Of one's own calendar; without an address all but the person is null."""

    person: str = Field(description="Whose agenda it is.")
    made_at: Instant | None
    last_used_at: Instant | None = Field(description="Up to two minutes behind.")


class MadeCalendarAddress(CalendarAddress):
    url: str = Field(
        description="For a calendar program to subscribe to. Shown this once: it is a secret.",
        examples=["https://sales.example.com/calendars/dc_….ics"],
    )


class CurrentSession(Shape):
    """Of a key the account alone is known."""

    account: str
    signed_in_by: str = Field(examples=["session"])
    session: str | None = None
    csrf_token: str | None = Field(None, description="For the header X-CSRF-Token.")
    must_change_password: bool | None = None
    ends_at: Instant | None = None
    idle_seconds: int | None = Field(None, description="So long without a request ends it.")


class DemoPersonShape(Shape):
    account: str
    name: str
    role: str = Field(description="What the person does there.", examples=["sales-manager"])


class DemoPeople(Shape):
    data: list[DemoPersonShape]


class SessionShape(Shape):
    id: str
    current: bool
    signed_in_by: str
    created_at: Instant
    seen_at: Instant = Field(description="Up to two minutes behind.")
    ends_at: Instant
    address: str | None
    agent: str | None = Field(description="What the browser calls itself.")


class SessionList(Shape):
    data: list[SessionShape]


class OneTimePassword(Shape):
    account: str
    password: str = Field(description="Shown this once.")
    ends_at: Instant


class AccessRow(Shape):
    number: int
    at: Instant
    kind: str
    actor: str | None
    address: str | None
    detail: dict[str, JsonValue]
    digest: str = Field(description="SHA-256 over the digest before and this row.")


class AccessPage(Shape):
    data: list[AccessRow]
    next: str | None = Field(description="The page of what came before; null on the last.")


class GrantShape(Shape):
    """What an account may do, by one of its roles; a right by two roles is there twice."""

    action: str = Field(examples=["command:orders/draft-order", "read:orders/orders"])
    role: str = Field(description="`shared`, where it is shared with the account.")
    scope: str = Field(description="Of what: `all`, `everything`, or the values of dimensions.")
    confirmed_by: list[str] | None = Field(
        description="Who may confirm it, where it waits for a second person."
    )


class GrantList(Shape):
    data: list[GrantShape]
