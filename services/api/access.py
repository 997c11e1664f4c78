"""The log of access: who signed in, who failed, and which keys and passwords were made."""

from enum import Enum
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from commands.fields import Digits, Instant
from infra import access_rows
from infra.access_rows import AccessQuery
from infra.clock import micros
from infra.state_reader import StateReader
from services.access import explained
from services.access.actions import operate, reading
from services.api import schemas, schemas_access
from services.api.answers import as_json, link
from services.api.asking import MOST, Name, Names, Position
from services.api.guards import needs
from services.api.json_answer import json_answer
from services.bootstrap import Platform
from services.filter_values import check_events


class AccessAsked(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Names = Field([], description="Any of these kinds.", examples=[["sign-in-failed"]])
    actor: Name | None = Field(None, description="Only of this account.")
    address: Name | None = Field(None, description="Only from this address.")
    about: Name | None = Field(
        None, description="Only about this stream.", examples=["customer-C-100", "account-li"]
    )
    since: Instant | None = Field(None, description="From this instant on.")
    until: Instant | None = Field(None, description="Before this instant.")
    before: Position | None = Field(None, description="Only rows before this number.")
    limit: Annotated[int, Field(ge=1, le=MOST), Digits] = 100

    def query(self) -> AccessQuery:
        return AccessQuery(
            self.kind,
            self.actor,
            self.address,
            None if self.since is None else micros(self.since),
            None if self.until is None else micros(self.until),
            self.before,
            self.limit + 1,
            self.about,
        )


class WhatAsked(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    account: Name = Field(description="Whose rights are told.", examples=["li"])
    stream: Name | None = Field(
        None, description="Of this thing alone.", examples=["customer-C-100"]
    )


class AccessRoutes:
    def __init__(self, platform: Platform) -> None:
        self.platform, self.database = platform, platform.database

    async def read(self, request: Request, asked: Annotated[AccessAsked, Query()]) -> Response:
        """Who signed in, was refused, changed rights, exported, or read of persons: latest first.

        A row is there within a second; `distributary access verify` checks the chain of digests.
        """
        found = await run_in_threadpool(self._read, asked.query())
        rows, following = found[: asked.limit], None
        if len(found) > asked.limit:
            following = link(request, "before", rows[-1]["number"])
        return as_json({"data": rows, "next": following})

    async def what(self, asked: Annotated[WhatAsked, Query()]) -> Response:
        """All that an account may see and do now, by which role, and of what.

        With `stream`, of that thing alone: whether it may be seen, and which of its commands may
        be given by what they name, whatever the thing itself then says to them.
        """
        if asked.stream is not None:
            check_events([asked.stream], (), ())

        def look(load: StateReader) -> list[explained.Granting]:
            return explained.what(load, asked.account, asked.stream)

        found = await run_in_threadpool(self.platform.states.ask, look)
        shown = ("action", "role", "scope", "confirmed_by")
        return json_answer(
            {"data": [{name: getattr(one, name) for name in shown} for one in found]}
        )

    def _read(self, asked: AccessQuery) -> list[dict[str, Any]]:
        with self.database.read() as connection:
            return access_rows.read(connection, asked)


def add(app: FastAPI, platform: Platform) -> None:
    routes, tags = AccessRoutes(platform), list[str | Enum](["access"])
    app.add_api_route(
        "/access-log",
        routes.read,
        tags=tags,
        dependencies=[needs(operate("access-log"))],
        response_model=schemas_access.AccessPage,
        responses=schemas.problems(400, 401, 503),
    )
    app.add_api_route(
        "/access/what",
        routes.what,
        tags=tags,
        dependencies=[needs(reading("account"))],
        response_model=schemas_access.GrantList,
        responses=schemas.problems(400, 401, 503),
    )
