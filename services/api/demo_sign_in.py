"""Signing in to the demo company with one click, where nothing but made-up data can be seen."""

from enum import Enum

from fastapi import FastAPI, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from services.api import schemas, schemas_access
from services.api.json_answer import json_answer
from services.api.keys import Account
from services.api.problems import Problem
from services.api.sessions import SessionRoutes
from services.demo.people import people

PATH = "/sessions/demo"
OWN_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
"""A page whose name was made to lead to this machine calls it by another."""


class DemoSigningIn(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    account: Account = Field(examples=["owner"])


class DemoSignInRoutes:
    """`offered` by a standalone platform that serves the demo company to its own machine alone."""

    def __init__(self, signing: SessionRoutes, *, offered: bool) -> None:
        self.signing = signing
        self.known = {one.account: one for one in people()} if offered else {}

    async def people(self, request: Request) -> Response:
        """Who can be signed in as with one click: people of the demo company, else nobody."""
        known = self.known.values() if _is_own(request) else ()
        return json_answer({"data": [one._asdict() for one in known]})

    async def sign_in(self, request: Request, asked: DemoSigningIn) -> Response:
        """Begin a session of somebody at the demo company, without a password."""
        if foreign := self.signing.foreign(request):
            raise foreign
        if not _is_own(request) or asked.account not in self.known:
            raise Problem("not-found")
        begin, place = self.signing.sign_ins.begin, self.signing.place(request)
        token, session = await run_in_threadpool(begin, asked.account, "demo", place)
        return self.signing.begun(request, token, session, 201)


def _is_own(request: Request) -> bool:
    return request.url.hostname in OWN_NAMES


def add(app: FastAPI, routes: DemoSignInRoutes) -> None:
    tags = list[str | Enum](["access"])
    app.add_api_route(
        PATH,
        routes.people,
        tags=tags,
        response_model=schemas_access.DemoPeople,
        responses=schemas.problems(503),
    )
    app.add_api_route(
        PATH,
        routes.sign_in,
        methods=["POST"],
        tags=tags,
        status_code=201,
        response_model=schemas_access.CurrentSession,
        responses=schemas.problems(400, 403, 404, 413, 415, 422, 503),
    )
