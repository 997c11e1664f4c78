"""Agendas: the appointments that each person takes part in, whoever planned them."""

from typing import Annotated, Any, NamedTuple

from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

from aggregates.fieldwork.agenda import KEPT, Agenda, AgendaEntered, AgendaLeft
from infra.clock import iso, micros
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import names
from projections.engine.scopes import PLACE


class AgendaEntry(TypedDict):
    """An appointment as it stands in an agenda; `organiser` is whose it is."""

    appointment: str
    title: str
    appointment_kind: str
    starts_at: str
    ends_at: str
    zone: str
    place: str | None
    customer: str | None
    organiser: str


class Row(NamedTuple):
    """What begins first stands first."""

    department: Annotated[str, names("department")] = ""
    region: Annotated[str, names("region")] = ""
    entries: tuple[AgendaEntry, ...] = ()


def fold(row: Row, _: Recorded, event: Any) -> Row:
    match event:
        case AgendaEntered():
            place = row._replace(department=event.department, region=event.region)
            ended = iso(micros(event.entered_at - KEPT))
            others = _without(row, event.appointment)
            current = [one for one in others if one["ends_at"] >= ended]
            return _of(place, *current, _entry(event))
        case AgendaLeft(appointment):
            return _of(row, *_without(row, appointment))
        case _:
            return row


def _without(row: Row, appointment: str) -> list[AgendaEntry]:
    return [one for one in row.entries if one["appointment"] != appointment]


def _of(row: Row, *entries: AgendaEntry) -> Row:
    in_order = sorted(entries, key=lambda one: (one["starts_at"], one["appointment"]))
    return row._replace(entries=tuple(in_order))


def _entry(event: AgendaEntered) -> AgendaEntry:
    return {
        "appointment": event.appointment,
        "title": event.title,
        "appointment_kind": event.appointment_kind,
        "starts_at": iso(micros(event.starts_at)),
        "ends_at": iso(micros(event.ends_at)),
        "zone": event.zone,
        "place": event.place,
        "customer": event.customer,
        "organiser": event.organiser,
    }


scope = {**PLACE, "owner": "id"}
record = Record("agendas", Agenda, Row, fold, scope=scope)
