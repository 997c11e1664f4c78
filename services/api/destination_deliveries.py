"""What was sent to a destination, what waits and what nobody took; sent again, or tried."""

from collections.abc import Sequence
from enum import Enum
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from commands.fields import Digits
from infra.attempts import Attempts, Subject
from infra.states import States
from services.access import visible
from services.access.permissions import Granted
from services.api import problems, schemas, schemas_notices
from services.api.asking import MOST
from services.api.destinations import PATH, DestinationId, Granting, own
from services.api.freshness import snapshot
from services.api.json_answer import json_answer
from services.api.problem_kinds import language
from services.api.problems import Problem, unfit
from services.bootstrap import Platform
from services.notices import deliveries, probe
from services.notices.deliveries import NoticeDelivery, State

TESTS = 5
"""Messages to try a destination that are sent without a wait."""
SHORTEST, LONGEST = 30, 900
"""Seconds from one of them to the next, after that."""
EVERY: tuple[State, ...] = ("waiting", "sent", "parked", "withheld")


class DeliveryQuery(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    state: list[State] = Field([], description="Several mean any of them.")
    limit: Annotated[int, Field(ge=1, le=MOST), Digits] = 100


class DeliveryRoutes:
    def __init__(self, platform: Platform, states: States) -> None:
        self.platform, self.states, self.database = platform, states, platform.database

    async def every(
        self, id: DestinationId, asked: Annotated[DeliveryQuery, Query()], granted: Granting
    ) -> Response:
        """The latest notices for a destination, the newest first: of things that may be seen."""
        found = await run_in_threadpool(self._every, id, asked, granted)
        return json_answer({"data": [deliveries.shown(row) for row in found]})

    async def retry(self, id: DestinationId, granted: Granting) -> Response:
        """Send again what was parked, and wait no longer for the destination."""

        def retried() -> int:
            found = own(self.database, id, granted.actor)
            with self.database.write() as connection:
                now = self.database.now(connection)
                return deliveries.retry(connection, self.platform.store.log, found.id, now)

        return json_answer({"retried": await run_in_threadpool(retried)}, 202)

    async def test(self, request: Request, id: DestinationId, granted: Granting) -> Response:
        """Send a message that says no more than that it came, at once, and tell what came of it."""
        spoken = language(problems.accepted(request))
        error = await run_in_threadpool(self._test, id, granted.actor, spoken)
        return json_answer({"sent": error is None, "error": error})

    def _every(self, id: str, asked: DeliveryQuery, granted: Granted) -> Sequence[NoticeDelivery]:
        found = own(self.database, id, granted.actor)
        wanted = asked.state or EVERY
        with snapshot(self.database) as connection:
            log = self.platform.store.log
            rows = deliveries.latest(connection, log, wanted, found, asked.limit)
        return visible.rows(self.states, granted, rows)

    def _test(self, id: str, account: str, spoken: str) -> str | None:
        found = own(self.database, id, account)
        if not found.confirmed:
            raise unfit(
                "channel",
                "The address is not confirmed: give the code that was mailed to it first.",
                "该地址尚未确认：请先提交发送到该地址的验证码。",
            )
        counted = Subject(f"test-notice:{found.id}", TESTS, SHORTEST, LONGEST)
        if seconds := Attempts(self.database).begin([counted]):
            after = {"Retry-After": str(seconds)}
            raise Problem("too-many-tests", headers=after, seconds=seconds)
        return probe.send(self.platform, found, spoken)


def add(app: FastAPI, platform: Platform, states: States) -> None:
    routes, tags = DeliveryRoutes(platform, states), list[str | Enum](["notices"])
    one = f"{PATH}/{{id}}"

    def route(method: str, path: str, do: Any, model: Any, status: int, *wrong: int) -> None:
        app.add_api_route(
            f"{one}/{path}",
            do,
            methods=[method],
            tags=tags,
            status_code=status,
            response_model=model,
            operation_id=f"destination_{path}",
            responses=schemas.problems(400, 401, 404, 503, *wrong),
        )

    route("GET", "deliveries", routes.every, schemas_notices.DeliveryList, 200)
    route("POST", "retry", routes.retry, schemas_notices.DeliveriesRetried, 202)
    route("POST", "test", routes.test, schemas_notices.DestinationTested, 200, 422, 429)
