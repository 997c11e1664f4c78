"""What processes are to ask, and when: of things that the reader may see."""

from enum import Enum
from functools import partial
from typing import Annotated, cast

from fastapi import FastAPI, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from commands.fields import Digits
from infra.clock import micros
from infra.states import States
from services.access import visible
from services.access.permissions import Granted
from services.api import asking, schemas
from services.api.answers import as_json
from services.api.asking import MOST, NO_NAMES, Instant, Name, Names
from services.api.freshness import snapshot
from services.api.guards import signed_in
from services.api.visible_pages import next_page, visible_page
from services.bootstrap import SCHEDULING, Platform
from services.processes import deadlines
from services.processes.deadlines import BEGINNING, Deadline, DeadlineFilter, Place

PATH = "/deadlines"


class DeadlineQuery(BaseModel):
    """Which deadlines; several values of one name mean any of them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    process: Names = NO_NAMES
    purpose: Names = NO_NAMES
    about: Names = Field(
        NO_NAMES, description="The stream of what will be asked something.", examples=[["order-O1"]]
    )
    due_before: Instant | None = Field(None, description="Only what is due before that instant.")
    limit: Annotated[int, Field(ge=1, le=MOST), Digits] = 100
    cursor: Name | None = Field(None, description="Of the page before: its `next` has it.")

    def wanted(self) -> DeadlineFilter:
        before = None if self.due_before is None else micros(self.due_before)
        return DeadlineFilter(self.process or SCHEDULING, self.purpose, self.about, before)

    @property
    def imprint(self) -> str:
        return asking.imprint(self, PATH)

    def after(self) -> Place:
        cursor = asking.read_cursor(self.cursor, self.imprint, (int, str, str, str))
        return BEGINNING if cursor is None else cast("Place", cursor.after)


class DeadlineRoutes:
    def __init__(self, platform: Platform, states: States) -> None:
        self.platform, self.states = platform, states

    async def page(
        self,
        request: Request,
        asked: Annotated[DeadlineQuery, Query()],
        granted: Annotated[Granted, signed_in()],
    ) -> Response:
        """What processes will ask by themselves, in the order in which it is due.

        A page tells of things that the asker may see; it may hold few and yet have a `next`.
        """
        found, following = await run_in_threadpool(self._page, asked, granted)
        after = next_page(request, asked.imprint, following)
        return as_json({"data": [deadlines.shown(row) for row in found], "next": after})

    def _page(self, asked: DeadlineQuery, granted: Granted) -> tuple[list[Deadline], Place | None]:
        wanted, log = asked.wanted(), self.platform.store.log

        def read(after: Place, limit: int) -> list[Deadline]:
            with snapshot(self.platform.database) as connection:
                return deadlines.page(connection, log, wanted, after, limit)

        see = partial(visible.rows, self.states, granted)
        return visible_page(read, see, deadlines.place, asked.after(), asked.limit)


def add(app: FastAPI, platform: Platform, states: States) -> None:
    tags: list[str | Enum] = ["platform"]
    app.add_api_route(
        PATH,
        DeadlineRoutes(platform, states).page,
        tags=tags,
        response_model=schemas.DeadlineList,
        responses=schemas.problems(400, 401, 503),
    )
