"""Signing in by an OpenID Connect issuer: there by the browser, back with a code, then a session.

What the way back must match is made from one token in a cookie, so that no other browser can end
what this one began, and no process has to remember anything.
"""

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from enum import Enum
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from commands.fields import fault
from infra.issuer import BadToken, Issuer, IssuerDown
from services.api import schemas
from services.api.client_address import cookies
from services.api.gate import CHALLENGE
from services.api.problems import RETRY, Problem
from services.api.sessions import SessionRoutes
from services.sign_ins import WrongPassword

CALLBACK = "/sessions/oidc/callback"
LASTS = 600
"""Seconds within which a browser must come back."""
Told = Annotated[str, Field(max_length=4_000)]
HOME = "/"
OWN_PATH = re.compile(r"/(?:[!-.0-\[\]-~][!-\[\]-~]*)?")
"""A path of this site: two slashes, or one and a backslash, would name another one."""


def _own_path(path: str) -> str:
    if OWN_PATH.fullmatch(path):
        return path
    raise fault(
        "own_path",
        "Write a path of this site that begins with one slash, such as /orders?status=open",
        "请填写本站内以单个斜杠开头的路径，例如 /orders?status=open",
    )


ReturnTo = Annotated[str, Field(max_length=1_000), AfterValidator(_own_path)]


class CameBack(BaseModel):
    """What an issuer adds to the address; it may add what we do not know."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    state: Told = ""
    code: Told | None = None
    error: Told | None = None


class GoingThere(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    return_to: ReturnTo = Field(
        HOME, description="Where the browser goes on once it is signed in: a path of this site."
    )


class OidcRoutes:
    def __init__(self, signing: SessionRoutes) -> None:
        self.signing = signing
        self.credentials = signing.credentials
        self.addresses = signing.addresses

    async def start(self, request: Request, asked: Annotated[GoingThere, Query()]) -> Response:
        """Send the browser to the issuer, to sign in there; it comes back to `return_to`."""
        token = secrets.token_urlsafe(32)
        told = [_made(token, name) for name in ("state", "nonce", "verifier")]
        issuer, back = self._issuer(), self._back(request)
        try:
            address = await run_in_threadpool(issuer.start, back, *told)
        except IssuerDown as error:
            raise _down(error) from error
        response = RedirectResponse(address, 303)
        self._remember(request, response, f"{token}.{_packed(asked.return_to)}", LASTS)
        return response

    async def finish(self, request: Request, came: Annotated[CameBack, Query()]) -> Response:
        """Begin the session of whoever came back from the issuer, and go on where he was."""
        issuer, (token, path) = self._issuer(), self._remembered(request)
        if token is None or not hmac.compare_digest(came.state.encode(), _state(token)):
            raise _refused("This browser has not begun to sign in here, or too long ago")
        try:
            made = await run_in_threadpool(self._finish, request, issuer, token, came)
        except IssuerDown as error:
            raise _down(error) from error
        response = RedirectResponse(path, 303)
        self.signing.set_cookie(request, response, made)
        self._remember(request, response, "", 0)
        return response

    def _finish(self, request: Request, issuer: Issuer, token: str, came: CameBack) -> str:
        """The token of the new session."""
        account, place = None, self.signing.place(request)
        reason = f"The issuer answers {came.error or 'without a code'}"
        if came.code is not None:
            nonce, verifier = _made(token, "nonce"), _made(token, "verifier")
            try:
                claims = issuer.finish(came.code, self._back(request), nonce, verifier)
            except BadToken as error:
                reason = str(error)
            else:
                reason = "The issuer names no account that may sign in here"
                account = self.credentials.account(claims)
        try:
            return self.signing.sign_ins.by_issuer(account, reason, place)[0]
        except WrongPassword as error:
            raise _refused(reason) from error

    def _issuer(self) -> Issuer:
        if self.credentials.issuer is None:
            raise Problem("no-issuer")
        return self.credentials.issuer

    def _back(self, request: Request) -> str:
        return self.addresses.origin(request.scope, dict(request.scope["headers"])) + CALLBACK

    def _remembered(self, request: Request) -> tuple[str | None, str]:
        """The token with which this browser began, and where it goes on."""
        name, headers = self._cookie_name(request), dict(request.scope["headers"])
        found = (value for each, value in cookies(headers) if each == name and value)
        token, _, packed = next(found, "").partition(".")
        return token or None, _unpacked(packed)

    def _remember(self, request: Request, response: Response, token: str, lasts: int) -> None:
        response.set_cookie(
            self._cookie_name(request),
            token,
            max_age=lasts,
            secure=self.addresses.is_secure(request.scope, dict(request.scope["headers"])),
            httponly=True,
            samesite="lax",
        )

    def _cookie_name(self, request: Request) -> str:
        headers = dict(request.scope["headers"])
        return self.credentials.cookie_name(request.scope, headers) + "-oidc"


def _made(token: str, name: str) -> str:
    made = hmac.new(token.encode("utf-8", "replace"), name.encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(made).decode().rstrip("=")


def _packed(path: str) -> str:
    """As a cookie can hold it."""
    return urlsafe_b64encode(path.encode()).decode().rstrip("=")


def _unpacked(packed: str) -> str:
    """The path, looked at once more: a cookie is what a browser says."""
    try:
        path = urlsafe_b64decode(packed + "=" * (-len(packed) % 4)).decode()
    except ValueError:
        return HOME
    return path if OWN_PATH.fullmatch(path) else HOME


def _state(token: str) -> bytes:
    return _made(token, "state").encode()


def _refused(reason: str) -> Problem:
    return Problem("oidc-refused", headers=CHALLENGE, reason=reason)


def _down(error: IssuerDown) -> Problem:
    return Problem("issuer-down", headers=RETRY, reason=str(error))


def add(app: FastAPI, signing: SessionRoutes) -> None:
    routes, tags = OidcRoutes(signing), list[str | Enum](["access"])
    elsewhere: dict[int | str, dict[str, Any]] = {303: {"description": "Go on there."}}
    for path, do, statuses in (
        ("/sessions/oidc", routes.start, (400, 404, 503)),
        (CALLBACK, routes.finish, (400, 401, 404, 503)),
    ):
        app.add_api_route(
            path,
            do,
            tags=tags,
            status_code=303,
            response_class=Response,
            responses={**elsewhere, **schemas.problems(*statuses)},
        )
