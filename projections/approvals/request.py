"""Requests: commands that wait for a second person, and what became of each."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal, NamedTuple

import msgspec

from aggregates.approvals.request import (
    CommandRequest,
    ConfirmationRequested,
    RequestConfirmed,
    RequestDeclined,
    RequestExpired,
    RequestWithdrawn,
)
from infra.clock import micros
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import INDEXED, INSTANT, OF_PERSON, SEARCHED, names

COST = "cost"
"""What goods cost is hidden from who may not see it, wherever it stands."""
Status = Literal["waiting", "confirmed", "declined", "withdrawn", "expired"]


@dataclass(frozen=True)
class RequestedField:
    """A field of the command; `value` is JSON."""

    name: str
    value: str


class Row(NamedTuple):
    status: Annotated[Status, INDEXED] = "waiting"
    command: Annotated[str, INDEXED] = ""
    thing_kind: Annotated[str, INDEXED] = ""
    thing_id: Annotated[str, INDEXED, SEARCHED] = ""
    maker: Annotated[str, names("account"), SEARCHED] = ""
    maker_person: Annotated[str | None, names("rep")] = None
    checker: Annotated[str | None, names("account")] = None
    checker_person: Annotated[str | None, names("rep")] = None
    content: tuple[RequestedField, ...] = ()
    personal_content: Annotated[tuple[RequestedField, ...], OF_PERSON] = ()
    cost: tuple[RequestedField, ...] = ()
    reason: Annotated[str | None, SEARCHED] = None
    decision_reason: Annotated[str | None, SEARCHED] = None
    requested_at: Annotated[int, INSTANT, INDEXED] = 0
    expires_at: Annotated[int, INSTANT, INDEXED] = 0
    decided_at: Annotated[int | None, INSTANT] = None
    version_seen: int | None = None
    department: Annotated[str | None, INDEXED] = None
    region: Annotated[str | None, INDEXED] = None
    owner: Annotated[str | None, names("rep")] = None
    dealer: Annotated[str | None, names("customer")] = None


def fold(row: Row, recorded: Recorded, event: Any) -> Row:
    at = recorded.occurred_at
    match event:
        case ConfirmationRequested():
            return _requested(event, at)
        case RequestConfirmed(checker, person):
            return row._replace(
                status="confirmed", checker=checker, checker_person=person, decided_at=at
            )
        case RequestDeclined(checker, person, reason):
            declined = row._replace(status="declined", decision_reason=reason, decided_at=at)
            return declined._replace(checker=checker, checker_person=person)
        case RequestWithdrawn(reason):
            return row._replace(status="withdrawn", decision_reason=reason, decided_at=at)
        case RequestExpired():
            return row._replace(status="expired", decided_at=at)
    raise TypeError(f"{type(event).__name__} is no event of a request")


def _requested(event: ConfirmationRequested, at: int) -> Row:
    personal = msgspec.json.decode(event.of_person) if event.of_person else {}
    cost = {name: value for name, value in event.content.items() if name == COST}
    plain = {name: value for name, value in event.content.items() if name != COST}
    row = Row(
        command=event.command,
        thing_kind=event.thing.kind,
        thing_id=event.thing.id,
        maker=event.maker,
        maker_person=event.person,
        content=_fields(plain),
        cost=_fields(cost),
        personal_content=_fields(personal),
        reason=event.reason,
        requested_at=at,
        expires_at=micros(event.expires_at),
        version_seen=event.version,
    )
    return row._replace(**dict(event.dimensions or {}))  # type: ignore[arg-type]


def _fields(content: Any) -> tuple[RequestedField, ...]:
    return tuple(
        RequestedField(name, msgspec.json.encode(v).decode()) for name, v in content.items()
    )


SCOPE = {name: name for name in ("department", "region", "owner", "dealer")}
record = Record("requests", CommandRequest, Row, fold, scope=SCOPE, about="thing_kind")
