"""What processes are to ask, and when: of things that the reader may see."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from enum import Enum
from typing import Annotated
from urllib.parse import urlencode

import msgspec
from fastapi import FastAPI, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from commands.fields import Digits
from infra.clock import micros
from infra.states import States
from services.access import visible
from services.access.permissions import Granted
from services.api import schemas
from services.api.asking import MOST, NO_NAMES, Instant, Name, Names
from services.api.freshness import snapshot
from services.api.guards import signed_in
from services.api.json_answer import json_answer
from services.api.problems import wrong
from services.bootstrap import SCHEDULING, Platform
from services.processes import deadlines
from services.processes.deadlines import BEGINNING, Deadline, DeadlineFilter, Place

LOOKS = 50
"""Pages that are looked at for what one reader may see."""


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

    def after(self) -> Place:
        if self.cursor is None:
            return BEGINNING
        try:
            found: Place = msgspec.json.decode(urlsafe_b64decode(self.cursor), type=Place)
        except ValueError as error:
            raise wrong(
                "cursor",
                "unknown",
                "The cursor is not one of a page. Take it from the `next` of the page before.",
                "游标无效。请使用上一页 `next` 中的游标。",
            ) from error
        return found


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
        link = None
        if following is not None:
            kept = [(k, v) for k, v in request.query_params.multi_items() if k != "cursor"]
            link = f"/deadlines?{urlencode([*kept, ('cursor', _cursor(following))])}"
        headers = {"Link": f'<{link}>; rel="next"'} if link else {}
        content = {"data": [deadlines.shown(row) for row in found], "next": link}
        return json_answer(content, headers=headers)

    def _page(self, asked: DeadlineQuery, granted: Granted) -> tuple[list[Deadline], Place | None]:
        seen, after, limit = list[Deadline](), asked.after(), asked.limit
        wanted, log = asked.wanted(), self.platform.store.log
        for _ in range(LOOKS):
            with snapshot(self.platform.database) as connection:
                rows = deadlines.page(connection, log, wanted, after, limit + 1)
            for row in self._visible(rows[:limit], granted):
                seen.append(row)
                after = deadlines.place(row)
                if len(seen) == limit:
                    return seen, after if row != rows[-1] else None
            if len(rows) <= limit:
                return seen, None
            after = deadlines.place(rows[limit - 1])
        return seen, after

    def _visible(self, rows: list[Deadline], granted: Granted) -> list[Deadline]:
        streams = visible.streams(self.states, granted, {row.stream for row in rows})
        return [row for row in rows if row.stream in streams]


def _cursor(after: Place) -> str:
    return urlsafe_b64encode(msgspec.json.encode(after)).decode()


def add(app: FastAPI, platform: Platform, states: States) -> None:
    tags: list[str | Enum] = ["platform"]
    app.add_api_route(
        "/deadlines",
        DeadlineRoutes(platform, states).page,
        tags=tags,
        response_model=schemas.DeadlineList,
        responses=schemas.problems(400, 401, 503),
    )
