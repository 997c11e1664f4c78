"""The shapes of jobs: what was asked for, how far it is, what came of it."""

from typing import Any, Literal

from pydantic import Field

from services.api.schemas import Instant, Shape
from services.api.whatif import PointsTried, ReservationsTried
from services.jobs.kept import JobKind


class TrialShape(Shape):
    """What the period would have been under the values of one trial."""

    id: str
    values: dict[str, Any]
    points: PointsTried | None = Field(None, description="Of loyalty.earning.")
    reservations: ReservationsTried | None = Field(None, description="Of inventory.reservations.")


class WhatIfOutcome(Shape):
    trials: list[TrialShape] = Field(description="In the order in which they were asked for.")


class RowDifference(Shape):
    """A total or a state that differs; a side is null where only the other generation has it."""

    of: dict[str, Any]
    old: dict[str, Any] | None
    new: dict[str, Any] | None


class RebuildOutcome(Shape):
    generation: int = Field(description="That was made; once dropped, the one that answers.")
    switched: bool = Field(description="Whether it answers from now on.")
    position: int | None = Field(None, description="Up to which both were compared.")
    rows: int | None = None
    parked: int | None = Field(None, description="Streams that the new generation could not take.")
    old: dict[str, int] | None = Field(
        None, description="How many totals or states the answering generation has, and their sums."
    )
    new: dict[str, int] | None = None
    differences: list[RowDifference] = Field(
        [], description="At most 20 of either side; none for whoever may not see their values."
    )
    hidden: int = Field(0, description="Differences that the asker may not see.")


class IntegrityOutcome(Shape):
    events: int
    position: int = Field(description="Up to this each event is as it was chained.")
    recorded_at: Instant | None = Field(description="When that event was recorded.")
    wrong: Literal["changed", "missing", "other_end"] | None = Field(
        description="What is wrong behind it: an event is not the one that was chained, or is not"
        " there, or the log ends otherwise than it says."
    )
    stream: str | None = Field(description="Of the event that was changed.")


class JobShape(Shape):
    id: str
    kind: JobKind
    by: str
    state: Literal["waiting", "running", "done", "failed", "cancelled"]
    done: int = Field(description="Of `total`, which is null as long as it waits.")
    total: int | None
    asked: dict[str, Any]
    asked_at: Instant
    ended_at: Instant | None
    error: str | None = Field(description="Why it failed.")
    what_if: WhatIfOutcome | None = Field(None, description="Not in a list.")
    rebuild: RebuildOutcome | None = None
    integrity: IntegrityOutcome | None = None


class JobList(Shape):
    data: list[JobShape]


class GenerationsOfView(Shape):
    view: str
    generation: int = Field(description="That answers.")
    previous: int | None = Field(description="The one to go back to.")
    being_made: int | None = Field(
        description="The one that is filled beside it, or waits for being switched in."
    )


class GenerationList(Shape):
    data: list[GenerationsOfView]
