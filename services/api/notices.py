"""The inbox of whoever asks, and what he is told of: nobody sees another's."""

from collections.abc import Sequence
from enum import Enum
from functools import partial
from typing import Annotated, Any, Literal, cast

from fastapi import FastAPI, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.concurrency import run_in_threadpool

from aggregates.notices.subscription import Subscriptions
from commands.fields import Digits, Truth
from commands.notices.offered import offered
from infra.clock import iso
from infra.states import States
from services import labels
from services.access import visible
from services.access.permissions import Granted
from services.api import asking, schemas, schemas_notices
from services.api.answers import as_json
from services.api.asking import MOST, Name
from services.api.freshness import snapshot
from services.api.guards import signed_in
from services.api.json_answer import json_answer
from services.api.problem_kinds import language
from services.api.problems import accepted
from services.api.visible_pages import next_page, visible_page
from services.bootstrap import Platform
from services.notices import inbox
from services.notices.inbox import BEGINNING, MOST_COUNTED, InboxRow, Place
from services.notices.texts import texts

PATH = "/notices"
Granting = Annotated[Granted, signed_in()]
NoticeId = Annotated[
    str, StringConstraints(pattern=r"^[1-9][0-9]{0,17}(:[a-z0-9:_-]{1,100})?$", max_length=120)
]


class NoticeQuery(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    show: Literal["all", "unread"] = "all"
    limit: Annotated[int, Field(ge=1, le=MOST), Digits] = 100
    cursor: Name | None = Field(None, description="Of the page before: its `next` has it.")

    @property
    def imprint(self) -> str:
        return asking.imprint(self, PATH)

    def after(self) -> Place:
        cursor = asking.read_cursor(self.cursor, self.imprint, (int, int, str))
        return BEGINNING if cursor is None else cast("Place", cursor.after)


class NoticesMarked(BaseModel):
    """Which notices are meant: some, or all of them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ids: Annotated[list[NoticeId], Field(max_length=MOST)] = []
    everything: Truth = Field(False, description="All notices of the account.")


class NoticeRoutes:
    def __init__(self, platform: Platform, states: States) -> None:
        self.platform, self.states = platform, states

    async def page(
        self, request: Request, asked: Annotated[NoticeQuery, Query()], granted: Granting
    ) -> Response:
        """What the account was told of: unread first, and of each the latest first.

        A notice of a thing that the account may see no longer is left out.
        """
        spoken = language(accepted(request))
        rows, following = await run_in_threadpool(self._page, asked, granted)
        data = await run_in_threadpool(self._shown, rows, spoken)
        unread = await run_in_threadpool(self._unread, granted)
        after = next_page(request, asked.imprint, following)
        return as_json({"data": data, "unread": unread, "next": after})

    async def count(self, granted: Granting) -> Response:
        """How many unread notices there are."""
        return json_answer(await run_in_threadpool(self._unread, granted))

    async def read(self, asked: NoticesMarked, granted: Granting) -> Response:
        """Mark notices as read."""
        return json_answer(await run_in_threadpool(self._mark, asked, granted, read=True))

    async def unread(self, asked: NoticesMarked, granted: Granting) -> Response:
        """Mark notices as unread again."""
        return json_answer(await run_in_threadpool(self._mark, asked, granted, read=False))

    async def subscriptions(self, request: Request, granted: Granting) -> Response:
        """What the account is told of: what is offered to everybody, and what it asked for."""
        spoken = language(accepted(request))
        state = await run_in_threadpool(
            self.states.ask, lambda load: load(Subscriptions, granted.actor)
        )
        return json_answer({"data": _subscriptions(state, spoken)})

    def _page(self, asked: NoticeQuery, granted: Granted) -> tuple[list[InboxRow], Place | None]:
        of, unread = (self.platform.store.log, granted.actor), asked.show == "unread"

        def read(after: Place, limit: int) -> list[InboxRow]:
            with snapshot(self.platform.database) as connection:
                return inbox.page(connection, *of, after, limit, unread=unread)

        see = partial(visible.rows, self.states, granted)
        return visible_page(read, see, inbox.place, asked.after(), asked.limit)

    def _unread(self, granted: Granted) -> dict[str, Any]:
        of = self.platform.store.log, granted.actor
        with snapshot(self.platform.database) as connection:
            rows = inbox.page(connection, *of, BEGINNING, MOST_COUNTED + 1, unread=True)
        found = len(visible.rows(self.states, granted, rows[:MOST_COUNTED]))
        return {"count": found, "capped": len(rows) > MOST_COUNTED}

    def _mark(self, asked: NoticesMarked, granted: Granted, *, read: bool) -> dict[str, Any]:
        of = self.platform.store.log, granted.actor
        with self.platform.database.write() as connection:
            at = self.platform.database.now(connection) if read else None
            wanted = None if asked.everything else asked.ids
            changed = inbox.mark(connection, *of, wanted, at)
        return {"changed": changed, "unread": self._unread(granted)}

    def _shown(self, rows: Sequence[InboxRow], spoken: str) -> list[dict[str, Any]]:
        found = list[dict[str, Any]]()
        for row, (event, said) in zip(rows, texts(self.platform, rows, spoken), strict=True):
            found.append(
                {
                    "id": row.id,
                    "notice": row.notice,
                    **said._asdict(),
                    "stream": row.stream,
                    "type": row.type,
                    "position": row.position,
                    "occurred_at": iso(event.occurred_at),
                    "told_at": iso(row.told_at),
                    "read_at": None if row.read_at is None else iso(row.read_at),
                }
            )
        return found


def _subscriptions(state: Subscriptions, spoken: str) -> list[dict[str, Any]]:
    held = {name: one.now for name, one in state.held.items()}
    found = list[dict[str, Any]]()
    for name in dict.fromkeys((*offered(), *held)):
        details = {**vars(held[name])} if name in held else {"name": name}
        events = details.get("events") or offered().get(name, ())
        called = labels.of("notice", name, spoken) if name in offered() else name
        more = {"label": called, "events": events, "offered": name in offered()}
        found.append({**details, **more, "subscribed": name in held or name not in state.ended})
    return found


def add(app: FastAPI, platform: Platform, states: States) -> None:
    routes, tags = NoticeRoutes(platform, states), list[str | Enum](["notices"])

    def route(method: str, path: str, do: Any, model: Any, *statuses: int) -> None:
        wrong = schemas.problems(400, 401, 503, *statuses)
        app.add_api_route(
            path, do, methods=[method], tags=tags, response_model=model, responses=wrong
        )

    body = (413, 415, 422)
    route("GET", PATH, routes.page, schemas_notices.NoticeList)
    route("GET", f"{PATH}/count", routes.count, schemas_notices.UnreadCount)
    route("POST", f"{PATH}/read", routes.read, schemas_notices.NoticesChanged, *body)
    route("POST", f"{PATH}/unread", routes.unread, schemas_notices.NoticesChanged, *body)
    route("GET", "/subscriptions", routes.subscriptions, schemas_notices.SubscriptionList)
