"""What a period would have been under other settings: read, and never written."""

from collections.abc import Callable
from enum import Enum
from functools import partial
from typing import Annotated, Any

import msgspec
from fastapi import FastAPI, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.concurrency import run_in_threadpool

from aggregates import Refused
from commands.fields import When
from infra.clock import iso, micros
from services.access.actions import reading
from services.access.permissions import Granted
from services.api import schemas
from services.api.guards import signed_in
from services.api.json_answer import json_answer
from services.api.problems import Problem, wrong
from services.bootstrap import Platform
from services.faults import Fault, words_of
from services.strict_json import fault_in
from services.whatif.period import ReplayedPeriod
from services.whatif.trials import TRIED, Tried

Granting = Annotated[Granted, signed_in()]
Id = Annotated[str, Path(max_length=64, examples=["loyalty.earning"])]


class PeriodAsked(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    since: When = Field(
        description="The first instant of the period, or its first business day.",
        examples=["2026-10-01"],
    )
    until: When = Field(
        description="The instant, or the business day, after its last.", examples=["2026-11-01"]
    )

    def period(self, refuse: Callable[[str, str], Problem]) -> ReplayedPeriod:
        """What `refuse` makes of the words, in English and Chinese, is raised where it has no
        length.
        """
        found = ReplayedPeriod(micros(self.since), micros(self.until))
        if found.since >= found.until:
            raise refuse("until is not after since: swap them.", "until 不晚于 since：请交换两者。")
        return found


class WhatIfAsked(PeriodAsked):
    values: Annotated[str, Field(max_length=20_000)] = Field(
        description="A JSON object of the values that are tried; the rest is as it was.",
        examples=['{"points": 2}'],
    )


class WasWouldBe(schemas.Shape):
    was: int
    would_be: int


class DealersPoints(schemas.Shape):
    """The figure of points, of the members of one dealer."""

    dealer: str | None
    balance: WasWouldBe
    earned: WasWouldBe
    redeemed: WasWouldBe
    expired: WasWouldBe
    taken_back: WasWouldBe


class OtherDecisionShape(schemas.Shape):
    """A redemption that would have ended otherwise; both ends by the name of their event."""

    member: str
    redemption: str
    happened_at: schemas.Instant
    points: int
    balance: int
    was: str
    would_be: str


class OtherReservationShape(schemas.Shape):
    """An order whose goods would have had another end; neither event where they are held still."""

    order: str
    customer: str
    quantity: int
    approved_at: schemas.Instant
    was: str | None
    was_at: schemas.Instant | None
    would_be: str | None
    would_be_at: schemas.Instant | None


class PointsTried(schemas.Shape):
    members: int = Field(description="Whose points were decided anew.")
    dealers: list[DealersPoints]
    other_decisions: int
    decisions: list[OtherDecisionShape] = Field(description="The first 1,000 of them.")


class ReservationsTried(schemas.Shape):
    orders: int = Field(description="Approved in the period.")
    other_reservations: int
    reservations: list[OtherReservationShape] = Field(description="The first 1,000 of them.")


class WhatIf(schemas.Shape):
    id: str
    since: schemas.Instant
    until: schemas.Instant
    values: dict[str, Any]
    points: PointsTried | None = Field(None, description="Of loyalty.earning.")
    reservations: ReservationsTried | None = Field(None, description="Of inventory.reservations.")


class SettingsTried(schemas.Shape):
    id: str
    reads: str = Field(description="The kind of thing that is decided anew.")


class SettingsTriedList(schemas.Shape):
    data: list[SettingsTried]


class WhatIfs:
    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    async def every(self, granted: Granting) -> Response:
        """The settings that the asker may try: whoever sees everything that is decided anew."""
        mine = [one for one in TRIED.values() if may_try(granted, one)]
        return json_answer({"data": [{"id": one.model.id, "reads": one.kind} for one in mine]})

    async def one(
        self, id: Id, asked: Annotated[WhatIfAsked, Query()], granted: Granting
    ) -> Response:
        """What a period would have been under other settings; nothing is written.

        Everything that followed from them is decided anew in memory, beside what it was.
        """
        tried, period = to_try(id, granted), asked.period(partial(wrong, "until", "not_after"))
        values = _values(tried, asked.values)
        try:
            found = await run_in_threadpool(tried.report, self.platform, period, values)
        except Refused as error:
            raise wrong("values", type(error).__name__, str(error), error.zh) from error
        when = {"since": iso(period.since), "until": iso(period.until)}
        return json_answer({"id": id, **when, "values": values, tried.part: found})


def may_try(granted: Granted, tried: Tried) -> bool:
    """A report adds up what everybody did, so that a part of it would say something wrong."""
    return granted.reach(reading(tried.kind)).everything


def to_try(id: str, granted: Granted) -> Tried:
    if id not in TRIED:
        raise Problem(
            "not-found",
            (
                f"{id} cannot be tried: GET /what-if lists what can.",
                f"{id} 不能试算：GET /what-if 列出了可以试算的设置。",
            ),
        )
    if not may_try(granted, TRIED[id]):
        raise Problem("forbidden", action=reading(TRIED[id].kind))
    return TRIED[id]


def _values(tried: Tried, text: str) -> dict[str, Any]:
    if fault := fault_in(text):
        where = ".".join(map(str, ("values", *fault.path)))
        raise wrong(where, fault.code, f"{where}: {fault.en}.", f"{where}：{fault.zh}。")
    try:
        told = msgspec.json.decode(text, type=dict[str, Any])
    except msgspec.MsgspecError as error:
        raise wrong(
            "values",
            "no_object",
            f'values is no JSON object, such as {{"points": 2}}: {error}.',
            f'values 不是 JSON 对象（例如 {{"points": 2}}）：{error}。',
        ) from error
    try:
        return tried.values(told)
    except ValidationError as error:
        where, en, zh = _wrong_value("values", error)
        raise wrong(where, "invalid_value", f"{where}: {en}.", f"{where}：{zh}。") from error


def tried_values(tried: Tried, told: Any, where: str) -> dict[str, Any]:
    """The values that a body tells at a place in it."""
    try:
        return tried.values(told)
    except ValidationError as error:
        field, en, zh = _wrong_value(where, error)
        words = f"{field}: {en}.", f"{field}：{zh}。"
        pointer = {"pointer": "#/" + field.replace(".", "/")}
        fault = Fault(pointer, "invalid_value", words, field)
        raise Problem("invalid-body", words, errors=[fault]) from error


def _wrong_value(where: str, error: ValidationError) -> tuple[str, str, str]:
    fault = error.errors()[0]
    return ".".join(map(str, (where, *fault["loc"]))), *words_of(fault)


def add(app: FastAPI, platform: Platform) -> None:
    routes = WhatIfs(platform)
    about: dict[str, Any] = {"tags": list[str | Enum](["settings"])}
    app.add_api_route(
        "/what-if",
        routes.every,
        response_model=SettingsTriedList,
        responses=schemas.problems(401, 503),
        operation_id="what_ifs",
        **about,
    )
    app.add_api_route(
        "/what-if/{id}",
        routes.one,
        response_model=WhatIf,
        responses=schemas.problems(400, 401, 403, 404, 503),
        operation_id="what_if",
        **about,
    )
