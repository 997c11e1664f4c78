"""Accounts: whose they are, and what they may do."""

from typing import Annotated, Any, NamedTuple

from aggregates.organisation.account import (
    Account,
    AccountClosed,
    AccountOpened,
    AccountReopened,
    RoleGranted,
    RoleRevoked,
)
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import INSTANT, names, plain, taking


class Row(NamedTuple):
    person: Annotated[str | None, names("rep")] = None
    dealer: Annotated[str | None, names("customer")] = None
    roles: tuple[dict[str, Any], ...] = ()
    closed: str | None = None
    opened_at: Annotated[int, INSTANT] = 0


def fold(row: Row, recorded: Recorded, event: Any) -> Row:
    match event:
        case AccountOpened():
            return taking(row, event)._replace(opened_at=recorded.occurred_at)
        case RoleGranted(role):
            granted = {"role": role, "scope": plain(event.scope)}
            return row._replace(roles=(*_others(row, role), granted))
        case RoleRevoked(role):
            return row._replace(roles=_others(row, role))
        case AccountClosed(reason):
            return row._replace(closed=reason)
        case AccountReopened():
            return row._replace(closed=None)
    raise TypeError(f"{type(event).__name__} is no event of an account")


def _others(row: Row, role: str) -> tuple[dict[str, Any], ...]:
    return tuple(one for one in row.roles if one["role"] != role)


record = Record("accounts", Account, Row, fold)
