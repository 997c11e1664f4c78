"""What a request would change, for whoever thinks about confirming it."""

from enum import Enum
from typing import Any

from fastapi import FastAPI, Request, Response
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from aggregates import Refused
from aggregates.approvals.request import CommandRequest
from projections.approvals import request as requests
from services.access import masks, visible
from services.access.actions import reading
from services.access.permissions import GRANTED, Granted
from services.access.request_difference import difference
from services.api import schemas
from services.api.asking_records import unknown
from services.api.guards import needs
from services.api.json_answer import json_answer
from services.api.problem_kinds import LANGUAGES, language
from services.api.problems import accepted
from services.api.records import GOES_WRONG, FieldChange, Id
from services.bootstrap import Platform

REQUESTS = requests.record


class RefusalShape(schemas.Shape):
    refusal: str = Field(examples=["NoLongerApplies"])
    detail: str


class RehearsedEvent(schemas.Shape):
    stream: str
    type: str
    data: Any
    hidden: list[str] | None = Field(None, description="Fields of its data that you may not see.")


class ThingDifference(schemas.Shape):
    stream: str
    new: bool = Field(description="Whether it would begin with this.")
    changes: dict[str, FieldChange]


class DifferenceShape(schemas.Shape):
    position: int = Field(description="Of the log upon which it was decided; nothing was written.")
    refusal: RefusalShape | None = Field(
        description="Why a confirmation would be refused now, whoever confirmed it."
    )
    events: list[RehearsedEvent] = Field(description="What would happen, of what you may see.")
    things: list[ThingDifference] = Field(
        description="What would be otherwise then, field by field, of what you may see."
    )


class DifferenceAnswer(schemas.Shape):
    data: DifferenceShape


class RequestDifferences:
    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    async def read(self, request: Request, id: Id) -> Response:
        """What a confirmation would change now: the fields of things before and after."""
        spoken = LANGUAGES.index(language(accepted(request)))
        found = await run_in_threadpool(self._read, GRANTED.get(), id, spoken)
        return json_answer({"data": found})

    def _read(self, granted: Granted, id: str, spoken: int) -> dict[str, Any]:
        self._check_seen(granted, id)
        found = difference(self.platform, granted, id)
        return {
            "position": found.position,
            "refusal": None if found.refusal is None else _refusal(found.refusal, spoken),
            "events": [self._event(granted, event) for event in found.events],
            "things": [one._asdict() for one in found.things],
        }

    def _check_seen(self, granted: Granted, id: str) -> None:
        """Raise the problem of a request that is not there, where the reader may not see it."""
        stream = CommandRequest.stream(id)
        known = self.platform.states.ask(lambda load: load.version(CommandRequest, id))
        if not known:
            raise unknown(REQUESTS, id)
        if not visible.streams(self.platform.states, granted, [stream]):
            raise unknown(REQUESTS, id).hiding(stream)

    def _event(self, granted: Granted, event: Any) -> dict[str, Any]:
        data, hidden = masks.data(granted, event)
        told = {"stream": event.stream, "type": event.type, "data": data}
        return {**told, "hidden": hidden} if hidden else told


def _refusal(error: Refused, spoken: int) -> dict[str, str]:
    return {"refusal": type(error).__name__, "detail": (str(error), error.zh)[spoken]}


def add(app: FastAPI, platform: Platform) -> None:
    app.add_api_route(
        "/requests/{id}/difference",
        RequestDifferences(platform).read,
        tags=list[str | Enum](["records"]),
        dependencies=[needs(reading(CommandRequest.kind))],
        response_model=DifferenceAnswer,
        summary="What a confirmation would change now: the fields of things before and after.",
        operation_id="request_difference",
        responses={**GOES_WRONG, **schemas.problems(404)},
    )
