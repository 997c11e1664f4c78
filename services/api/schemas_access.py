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
