"""Absences: who is away from when to when, and who signs in the meantime."""

from typing import Annotated, Any, NamedTuple

from aggregates.approvals.absence import (
    Absence,
    AbsenceAnnounced,
    AbsenceEnded,
    StandInNamed,
    StandInReleased,
)
from infra.clock import micros
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import INDEXED, INSTANT, names


class Row(NamedTuple):
    """Without `until`, nobody is away; `stands_in_for` are accounts that named this one."""

    stand_in: Annotated[str | None, names("account")] = None
    since: Annotated[int | None, INSTANT] = None
    until: Annotated[int | None, INSTANT, INDEXED] = None
    reason: str | None = None
    stands_in_for: tuple[str, ...] = ()


def fold(row: Row, _: Recorded, event: Any) -> Row:
    match event:
        case AbsenceAnnounced(stand_in, since, until, reason):
            return row._replace(
                stand_in=stand_in, since=micros(since), until=micros(until), reason=reason
            )
        case AbsenceEnded():
            return row._replace(stand_in=None, since=None, until=None, reason=None)
        case StandInNamed(absent):
            return row._replace(stands_in_for=(*_but(row, absent), absent))
        case StandInReleased(absent):
            return row._replace(stands_in_for=_but(row, absent))
    raise TypeError(f"{type(event).__name__} is no event of an absence")


def _but(row: Row, absent: str) -> tuple[str, ...]:
    return tuple(one for one in row.stands_in_for if one != absent)


record = Record("absences", Absence, Row, fold, scope={})
