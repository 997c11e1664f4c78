"""Signing in and out in a browser: a session stands in a cookie that no script can read."""

from collections.abc import Callable
from enum import Enum
from typing import Annotated, Any, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from infra.clock import iso
from infra.passwords import LONGEST, WeakPassword
from infra.sessions import Session, csrf_token
from services.access.actions import operate
from services.api import schemas, schemas_access
from services.api.client_address import counted
from services.api.credentials import Credentials, SignedIn
from services.api.gate import CHALLENGE
from services.api.guards import needs, signed_in
from services.api.json_answer import json_answer
from services.api.keys import Account
from services.api.problems import Problem
from services.faults import Fault
from services.sign_ins import From, SignIns, TooManyAttempts, WrongPassword

AT_ONCE = 2
"""Passwords that are checked at a time: each takes 64 MB and a good part of a core."""
T = TypeVar("T")
Password = Annotated[
    str, Field(min_length=1, max_length=4 * LONGEST, json_schema_extra={"format": "password"})
]
SessionId = Annotated[str, Path(max_length=40, pattern=r"^[0-9a-f-]+$")]


class SigningIn(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    account: Account = Field(examples=["owner"])
    password: Password


class ChangingPassword(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    old: Password
    new: Password = Field(description="12 to 200 characters that are not easily guessed.")


class ResettingPassword(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    account: Account


class SessionRoutes:
    def __init__(self, credentials: Credentials, sign_ins: SignIns) -> None:
        self.credentials = credentials
        self.addresses = credentials.addresses
        self.sessions = credentials.sessions
        self.sign_ins = sign_ins
        self.limiter = CapacityLimiter(AT_ONCE)

    async def sign_in(self, request: Request, asked: SigningIn) -> Response:
        """Begin a session: its token is set as a cookie, and its CSRF token is answered."""
        if foreign := self.foreign(request):
            raise foreign
        place = self.place(request)
        try:
            token, session = await self._slowly(
                lambda: self.sign_ins.by_password(asked.account, asked.password, place)
            )
        except WrongPassword as error:
            raise Problem("sign-in-failed", headers=CHALLENGE) from error
        return self.begun(request, token, session, 201)

    def foreign(self, request: Request) -> Problem | None:
        """The problem of a request that a page of another site has sent."""
        return self.addresses.foreign(request.scope, _headers(request))

    def begun(self, request: Request, token: str, session: Session, status: int) -> Response:
        content = self._current(session, token)
        response = json_answer(content, status)
        self.set_cookie(request, response, token)
        return response

    def set_cookie(self, request: Request, response: Response, token: str) -> None:
        headers = _headers(request)
        response.set_cookie(
            self.credentials.cookie_name(request.scope, headers),
            token,
            max_age=self.sessions.life if token else 0,
            secure=self.addresses.is_secure(request.scope, headers),
            httponly=True,
            samesite="lax",
        )

    async def current(self, request: Request) -> Response:
        """Who one is, and the CSRF token of the session."""
        by: SignedIn = request.scope["signed_in"]
        if by.session is None:
            return json_answer({"account": by.actor, "signed_in_by": by.by})
        token = self.credentials.cookie(request.scope, _headers(request)) or ""
        return json_answer(self._current(by.session, token))

    def _current(self, session: Session, token: str) -> dict[str, Any]:
        return {
            "account": session.account,
            "signed_in_by": "session",
            "session": session.id,
            "csrf_token": csrf_token(token),
            "must_change_password": session.must_change,
            "ends_at": iso(session.ends_at),
            "idle_seconds": self.sessions.idle,
        }

    async def every(self, request: Request) -> Response:
        """One's own sessions that live, the latest first."""
        by: SignedIn = request.scope["signed_in"]
        found = await run_in_threadpool(self.sessions.of, by.actor)
        return json_answer({"data": [_shown(one, by.session) for one in found]})

    async def sign_out(self, request: Request) -> Response:
        """End the session of this request."""
        by: SignedIn = request.scope["signed_in"]
        if by.session is not None:
            await run_in_threadpool(self._end, request, by.session.id)
        return self._gone(request)

    async def end(self, request: Request, id: SessionId) -> Response:
        """End one of one's own sessions."""
        if not await run_in_threadpool(self._end, request, id):
            raise Problem(
                "not-found",
                (
                    f"You have no session {id}: GET /sessions lists yours.",
                    f"您没有会话 {id}：GET /sessions 列出了您的会话。",
                ),
            )
        return Response(status_code=204)

    async def end_all(self, request: Request) -> Response:
        """End all of one's own sessions, this one as well."""
        actor: str = request.scope["actor"]
        ended = await run_in_threadpool(self.sessions.end_all, actor)
        self._ended(request, {"sessions": ended})
        return self._gone(request)

    async def change(self, request: Request, asked: ChangingPassword) -> Response:
        """Change one's own password; one's other sessions end."""
        by: SignedIn = request.scope["signed_in"]
        place = self.place(request)
        try:
            await self._slowly(
                lambda: self.sign_ins.change(by.actor, asked.old, asked.new, place, by.session)
            )
        except WrongPassword as error:
            raise Problem("wrong-password") from error
        except WeakPassword as error:
            fault = Fault({"pointer": "/new"}, error.code, (str(error), error.zh), None)
            raise Problem("invalid-body", errors=[fault]) from error
        self.credentials.forget()
        return Response(status_code=204)

    async def reset(self, request: Request, asked: ResettingPassword) -> Response:
        """Give an account a one-time password, shown this once; its sessions end.

        It is good for one sign-in within three days, and must then be changed.
        """
        actor, place = request.scope["actor"], self.place(request)
        made = await self._slowly(lambda: self.sign_ins.reset(asked.account, actor, place))
        self.credentials.forget()
        told = {"account": asked.account, "password": made.password, "ends_at": iso(made.ends_at)}
        return json_answer(told, 201)

    def place(self, request: Request) -> From:
        address = self.addresses.address(request.scope, _headers(request))
        return From(address, counted(address), request.headers.get("user-agent"))

    async def _slowly(self, do: Callable[[], T]) -> T:
        try:
            return await to_thread.run_sync(do, limiter=self.limiter)
        except TooManyAttempts as error:
            after = {"Retry-After": str(error.seconds)}
            raise Problem("too-many-attempts", headers=after, seconds=error.seconds) from error

    def _end(self, request: Request, id: str) -> bool:
        ended = self.sessions.end(request.scope["actor"], id)
        if ended:
            self._ended(request, {"session": id})
        return ended

    def _ended(self, request: Request, detail: dict[str, Any]) -> None:
        self.credentials.forget()
        place = self.place(request)
        self.sign_ins.log.note("signed-out", request.scope["actor"], detail, address=place.address)

    def _gone(self, request: Request) -> Response:
        response = Response(status_code=204)
        self.set_cookie(request, response, "")
        return response


def _headers(request: Request) -> dict[bytes, bytes]:
    return dict(request.scope["headers"])


def _shown(session: Session, current: Session | None) -> dict[str, Any]:
    instants = {name: iso(getattr(session, name)) for name in ("created_at", "seen_at", "ends_at")}
    return {
        "id": session.id,
        "current": current is not None and current.id == session.id,
        "signed_in_by": session.by,
        **instants,
        "address": session.address,
        "agent": session.agent,
    }


def add(app: FastAPI, routes: SessionRoutes) -> None:
    tags = list[str | Enum](["access"])
    known, body = (401, 403, 503), (400, 413, 415, 422, 429)
    nothing: dict[str, Any] = {"status_code": 204, "response_class": Response}

    anybody, admins = [signed_in()], [needs(operate("users"))]

    def route(method: str, path: str, do: Any, *statuses: int, **more: Any) -> None:
        wrong = schemas.problems(*known, *statuses)
        more = {"dependencies": anybody, "responses": wrong, **more}
        app.add_api_route(path, do, methods=[method], tags=tags, **more)

    current = {"response_model": schemas_access.CurrentSession}
    route("POST", "/sessions", routes.sign_in, *body, dependencies=[], status_code=201, **current)
    route("GET", "/sessions", routes.every, response_model=schemas_access.SessionList)
    route("DELETE", "/sessions", routes.end_all, **nothing)
    route("GET", "/sessions/current", routes.current, **current)
    route("DELETE", "/sessions/current", routes.sign_out, **nothing)
    route("DELETE", "/sessions/{id}", routes.end, 400, 404, **nothing)
    route("PUT", "/password", routes.change, *body, **nothing)
    route(
        "POST",
        "/password-resets",
        routes.reset,
        *body,
        dependencies=admins,
        status_code=201,
        response_model=schemas_access.OneTimePassword,
    )
