"""Who is away, and what has to be signed, as the events alone tell it."""

from typing import Any

from infra.clock import micros
from infra.events import Recorded


class InForce:
    """The last absence of each account, and the last routes."""

    def __init__(self) -> None:
        self.absences = dict[str, Any]()
        self.routes: list[dict[str, Any]] = []

    def hear(self, event: Recorded, content: Any) -> None:
        if event.type == "AbsenceAnnounced":
            self.absences[event.key] = content
        elif event.type == "AbsenceEnded":
            self.absences.pop(event.key)
        elif event.stream == "settings-approvals.routes":
            self.routes = content.values["routes"]

    def stands_in(self, by: str, name: str, event: Recorded) -> bool:
        """Whether somebody may sign in that name at the moment of an event."""
        if by == name:
            return True
        one = self.absences.get(name)
        return (
            one is not None
            and one.stand_in == by
            and micros(one.since) <= event.recorded_at < micros(one.until)
        )

    def leads(self, document: str, value: int) -> bool:
        """Whether a route leads a document of that amount, or by that many units."""
        asked = (one["where"] for one in self.routes if one["document"] == document)
        least = (one.rpartition("=")[2] for one in asked if one.startswith(("amount", "quantity")))
        return any(value >= int(one) for one in least)
