"""The agenda of a person: the appointments that the person takes part in, of which none is lost
between two that are planned at once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import ClassVar, Self

from aggregates import OWN_ID, Aggregate, Event, Refused
from aggregates.calendar import format_instant

KEPT = timedelta(days=31)
"""So long after its end an appointment stays, at least."""


class AgendaEntered(Event, anytime=True):
    """The appointment as it is from now on; `organiser` is whose it is."""

    appointment: str
    title: str
    appointment_kind: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    place: str | None
    customer: str | None
    organiser: str
    department: str
    region: str
    entered_at: datetime


class AgendaLeft(Event, anytime=True):
    """The appointment was cancelled, or the person takes part no more."""

    appointment: str


AgendaEvent = AgendaEntered | AgendaLeft


class Overlapping(Refused):
    """Nobody is at two places at once."""


@dataclass(frozen=True)
class Agenda(Aggregate):
    """Its id is the person's."""

    kind: ClassVar[str] = "agenda"
    id_names = ("rep",)

    entries: Mapping[str, AgendaEntered] = field(default_factory=dict)
    department: str = ""
    region: str = ""

    def enter(self, entry: AgendaEntered) -> Iterator[AgendaEvent]:
        before = self.entries.get(entry.appointment)
        if before is None or replace(before, entered_at=entry.entered_at) != entry:
            yield entry

    def leave(self, appointment: str) -> Iterator[AgendaEvent]:
        if appointment in self.entries:
            yield AgendaLeft(appointment)

    def overlapping(self, starts_at: datetime, ends_at: datetime, but: str) -> Iterator[str]:
        """Other appointments than that one at the same time, the first to begin first."""
        every = sorted(self.entries.values(), key=lambda one: (one.starts_at, one.appointment))
        for one in every:
            if one.appointment != but and one.starts_at < ends_at and starts_at < one.ends_at:
                yield one.appointment

    def refuse_overlap(self, person: str, appointment: str) -> None:
        """Raise the refusal that names what the person has at that time."""
        entry = self.entries[appointment]
        start, end = format_instant(entry.starts_at), format_instant(entry.ends_at)
        raise Overlapping(
            f"{person} has the appointment {appointment} from {start} to {end}. Choose another"
            " time, or move or cancel that one.",
            f"{person} 在 {start} 至 {end} 已有日程 {appointment}。"
            "请另选时间，或先改期或取消该日程。",
        )

    @property
    def dimensions(self) -> Mapping[str, str]:
        return {"department": self.department, "region": self.region, "owner": OWN_ID}

    def evolve(self, event: AgendaEvent) -> Self:
        match event:
            case AgendaEntered(appointment, department=department, region=region):
                entries = {**self._current(event.entered_at), appointment: event}
                return replace(self, entries=entries, department=department, region=region)
            case AgendaLeft(appointment):
                left = {name: one for name, one in self.entries.items() if name != appointment}
                return replace(self, entries=left)

    def _current(self, now: datetime) -> dict[str, AgendaEntered]:
        """The entries without those that are over for long."""
        return {name: one for name, one in self.entries.items() if one.ends_at >= now - KEPT}
