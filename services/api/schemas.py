"""The shapes of answers, as the OpenAPI document shows them."""

from functools import cache
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, JsonValue

Instant = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
Day = Annotated[str, Field(json_schema_extra={"format": "date"})]
INT64 = "A 64-bit integer; JavaScript reads those above 2^53 with BigInt."


@cache
def query(model: type[BaseModel]) -> Any:
    """The parameters of a request: made once, where many routes have the same."""
    return Annotated[model, Query()]


class Shape(BaseModel):
    model_config = ConfigDict(extra="allow")


class Fault(Shape):
    pointer: str | None = Field(None, description="JSON Pointer into the body.")
    parameter: str | None = None
    label: str | None = Field(None, description="What the field is called, in that language.")
    message: str
    code: str


class ProblemShape(Shape):
    """RFC 9457: what went wrong, and what to do about it."""

    type: str = Field(
        description="Stable; a page that explains it.", examples=["/problems/refused"]
    )
    title: str = Field(description="In the language of Accept-Language: en or zh-CN.")
    status: int
    detail: str
    refusal: str | None = Field(None, description="The rule that said no.")
    figures: dict[str, JsonValue] | None = Field(
        None, description="What a refusal that is an event was decided on."
    )
    position: int | None = None
    version: int | None = None
    errors: list[Fault] | None = None


class WrittenShape(Shape):
    position: int = Field(description=f"Place in the log. {INT64}")
    stream: str = Field(examples=["customer-C-100"])
    version: int
    type: str = Field(examples=["CustomerRegistered"])


class OutcomeShape(Shape):
    """What a command led to; the same key always gets the same outcome."""

    position: int = Field(
        description="Pass it as `min_position` to any read, to see what this command did."
    )
    id: str = Field(description="The thing's id: the number that it got, where none was given.")
    stream: str
    version: int = Field(description="The stream's version now: the value for If-Match.")
    events: list[WrittenShape]
    repeated: bool = False


class RowOutcome(Shape):
    """One row's outcome: an OutcomeShape, or a problem, with its status."""

    status: int
    key: str
    row: int = Field(description="Which row it is, from 0.")


class BatchOutcome(Shape):
    done: int
    waiting: int = Field(description="How many wait for a second person.")
    failed: int
    outcomes: list[RowOutcome]


class FreshnessShape(Shape):
    position: int = Field(description="The view has every event up to here.")
    head: int = Field(description="The log's last position.")
    lag_events: int
    lag_seconds: float
    as_of: int | str | None = Field(None, description="The moment that was asked for.")


class Page(Shape):
    cursor: str | None = Field(None, description="For the next page; null on the last.")
    next: str | None = Field(None, description="The next page's address; null on the last.")
    freshness: FreshnessShape
    names: dict[str, dict[str, str]] | None = Field(
        None, description="With `expand=names`: by field, what each id is called."
    )


class Reason(Shape):
    """One row of the ledger: what one event changed in the figure."""

    position: int
    line: int
    stream: str
    type: str
    occurred_at: Instant
    recorded_at: Instant
    dimensions: dict[str, JsonValue]
    change: dict[str, int]
    event_id: str | None
    actor: str | None
    command_id: str | None
    correlation_id: str | None
    causation_id: str | None


class Why(Page):
    figure: dict[str, int] = Field(description="The sum of `change` over all pages' rows.")
    rows: list[Reason]


class EventShape(Shape):
    log: str
    position: int
    stream: str
    version: int
    id: str
    type: str
    schema_: int = Field(alias="schema")
    occurred_at: str = Field(description="When it happened in the world.")
    recorded_at: str = Field(description="When it was written, by the database's clock.")
    actor: str
    command_id: str
    correlation_id: str
    causation_id: str | None
    incarnation: str
    digest: str = Field(description="SHA-256 over the digest before, the envelope and the data.")
    data: dict[str, JsonValue]
    hidden: list[str] | None = Field(
        None, description="Fields of the data that you may not see; the digest is of all of it."
    )


class EventPage(Shape):
    data: list[EventShape]
    next: str | None = Field(description="Null at the end of the log, or at `until`.")
    looked_to: int = Field(description="There are no other such events up to this position.")
    head: int


class StreamShape(Shape):
    stream: str
    version: int
    events: list[EventShape]
    next: str | None


class Parked(Shape):
    view: str
    generation: int
    stream: str
    events: int
    position: int
    error: str
    parked_at: str


class ParkedStreamRow(Shape):
    view: str
    generation: int
    log: str
    stream: str
    events: int
    position: int
    error: str
    parked_at: str


class ProcessParked(Shape):
    process: str
    log: str
    stream: str
    events: int
    position: int
    error: str
    parked_at: str


class ParkedList(Shape):
    data: list[ParkedStreamRow]
    processes: list[ProcessParked] = Field(description="What waits for a process.")


class ParkedEvent(Shape):
    position: int
    type: str
    error: str
    parked_at: str
    data: JsonValue


class ParkedStream(Shape):
    view: str = Field(description="The view, or the process.")
    generation: int = Field(description="Of the view; 0 for a process.")
    stream: str
    events: list[ParkedEvent]
    next: str | None


class SkippedRow(Shape):
    view: str
    stream: str
    position: int
    reason: str
    actor: str
    skipped_at: str


class SkippedList(Shape):
    data: list[SkippedRow]


class UnparkedShape(Shape):
    view: str
    stream: str
    applied: int = Field(description="Events that the view has now, or were reacted to.")
    skipped: int = Field(description="Events that are left out.")
    left: int = Field(description="Events that still wait.")
    error: str | None = Field(description="Why the first of those that are left still waits.")


class ViewStatusShape(Shape):
    generation: int
    position: int
    lag_events: int
    lag_seconds: float


class ProcessRefusal(Shape):
    position: int = Field(description="Of the event that the process reacted to.")
    command: str
    stream: str
    refusal: str
    message: str
    refused_at: str


class DeadlineRow(Shape):
    due: str
    process: str
    purpose: str
    subject: str
    about: str = Field(description="The stream of what will be asked something.")
    command: str
    scheduled_by: int = Field(description="The position of the event that scheduled it.")
    error: str | None = Field(description="Why it could not be asked; else null.")


class DeadlineList(Shape):
    data: list[DeadlineRow]
    next: str | None


class DeadlineStatus(Shape):
    pending: int
    due: int = Field(description="Of these, how many should have been asked by now.")
    failed: int = Field(description="Of these, how many could not be asked.")
    first: str | None = Field(description="When the first of all is due.")
    fired: int = Field(description="How many were asked since the process began.")
    skipped: int = Field(description="How many were too late to be asked.")
    held: str | None = Field(
        description="Why none is asked: `new` on an older log, by an `operator`, or since the"
        " `clock` has leapt; else null."
    )
    since: str | None = Field(description="Since when it is held.")


class ProcessStatus(Shape):
    position: int
    lag_events: int
    refused: int = Field(description="Commands that it asked and that a rule refused.")
    last_refusal: ProcessRefusal | None
    parked_events: int = Field(description="Not reacted to yet, or behind one of their stream.")
    parked: list[ProcessParked]
    deadlines: DeadlineStatus | None = Field(description="Null where it schedules none.")


class WorkerErrorShape(Shape):
    worker: str
    process: str
    error: str
    since: str
    tried_at: str


class RollupFailureShape(Shape):
    view: str
    generation: int
    log: str
    error: str
    since: str


class AccessNotes(Shape):
    """Of the log of access, in the process that answers."""

    waiting: int = Field(description="Notes that are not written yet.")
    lost: int = Field(description="Notes that could not be kept; the log tells how many as well.")


class FailingDestination(Shape):
    account: str
    id: str
    channel: str
    address: str
    created_at: str
    failures: int = Field(description="In a row.")
    paused_until: str | None
    error: str | None


class NoticeStatus(Shape):
    position: int | None = Field(description="Up to this people were told; null before any was.")
    lag_events: int
    waiting: int = Field(description="Notices that are still to be sent.")
    parked: int = Field(description="Those that nobody took: `distributary notices list`.")
    failing: list[FailingDestination]


class Status(Shape):
    log: str
    head: int
    published: int | None = Field(description="Acknowledged by Kafka; null where there is none.")
    queue: int = Field(description="Commands that wait for the group commit here.")
    streams: int = Field(description="Event streams that are open here.")
    access_notes: AccessNotes
    views: dict[str, ViewStatusShape]
    others: dict[str, dict[str, int]] = Field(
        description="Other logs of the same topics: the furthest event that each view has of them."
    )
    parked: list[Parked]
    worker_errors: list[WorkerErrorShape] = Field(
        description="Workers that cannot go on, with what is wrong; they try again by themselves."
    )
    rollup_failures: list[RollupFailureShape] = Field(
        description="Rollups that could not be written: the past is right, and read more slowly."
    )
    processes: dict[str, ProcessStatus]
    notices: NoticeStatus


class Ready(Shape):
    ready: bool
    detail: str


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What a route may go wrong with, for its documentation: where a key is needed, rights are.

    All point to one shape: made for each status of each route, it would cost half of the start.
    """
    needs = (403,) if 401 in statuses else ()
    return {status: problem(status) for status in sorted({*statuses, *needs})}


@cache
def problem(status: int) -> dict[str, Any]:
    """One for all routes: to be read only."""
    shape = {"$ref": PLACE.format(model=ProblemShape.__name__)}
    content = {"application/problem+json": {"schema": shape}}
    return {"description": MEANINGS[status], "content": content}


def problem_shapes() -> dict[str, Any]:
    """What `problems` points to, by name."""
    shape = ProblemShape.model_json_schema(ref_template=PLACE, mode="serialization")
    return {**shape.pop("$defs"), ProblemShape.__name__: shape}


PLACE = "#/components/schemas/{model}"


MEANINGS = {
    400: "A header, parameter, cursor or the JSON itself cannot be used.",
    401: "Sign in, or send a valid API key.",
    403: "It is not allowed; `detail` says what is missing.",
    404: "It does not exist.",
    406: "Nothing of the kind that is accepted can be had here.",
    409: "A rule of the business says no, or the view has not come that far yet.",
    412: "Somebody else was faster: the stream is at another version.",
    413: "The body is too large.",
    415: "The body must be JSON.",
    416: "The file has no such bytes.",
    422: "The request has faults, its key was used for another, or a sum is beyond 64 bits.",
    428: "The stream exists: say which version you have seen.",
    429: "Asked too often: wait for as long as Retry-After says.",
    500: "Something is broken on our side.",
    503: "Too busy, or the database does not answer: try again, with the same key.",
    507: "There is no room for the file; `detail` has the figures.",
}
