"""API keys over the API: one's own, or those of any account for whoever keeps them in order."""

from enum import Enum
from typing import Annotated, Any

from fastapi import FastAPI, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from aggregates.organisation.account import Account as AccountState
from aggregates.organisation.grants import ALL, GRANT
from infra.access_log import AccessLog
from infra.clock import iso
from infra.keys import DAY, NAME, ApiKey, Keys, id_of
from services.access.actions import operate
from services.access.narrowing import allows
from services.access.permissions import Granted
from services.api import schemas, schemas_access
from services.api.credentials import Credentials, SignedIn
from services.api.guards import signed_in
from services.api.json_answer import json_answer
from services.api.problems import Problem

ACCOUNT = f"^{NAME.pattern}$"
MOST_SCOPES = 50
KEEPING = operate("keys")
"""What must be granted to make, list and end keys of other accounts."""
Granting = Annotated[Granted, signed_in()]
KeyId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$", examples=["0123456789abcdef"])]
Account = Annotated[str, Field(pattern=ACCOUNT)]
Label = Annotated[str, Field(max_length=100, pattern=r"^[^\x00]*$")]
Scope = Annotated[
    str, Field(max_length=200, pattern=rf"^(?:{GRANT.pattern})$", examples=["read:orders/*"])
]


class NewKey(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    account: Account | None = Field(None, description="Whose it is; one's own unless told.")
    label: Label | None = Field(None, description="What it is for.", examples=["till 3"])
    days: Annotated[int, Field(ge=1, le=3_650, strict=True)] | None = Field(
        None, description="Days until its end; without them it has none."
    )
    scopes: Annotated[list[Scope], Field(max_length=MOST_SCOPES)] | None = Field(
        None,
        description="What it may do of what the account may; all of it, unless told.",
        examples=[["read:orders/*"]],
    )


class KeysOf(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    account: Account | None = Field(None, description="Only keys of this account.")


class KeyRoutes:
    def __init__(self, credentials: Credentials, log: AccessLog) -> None:
        self.credentials = credentials
        self.keys = credentials.keys
        self.log = log

    async def every(
        self, request: Request, asked: Annotated[KeysOf, Query()], granted: Granting
    ) -> Response:
        """Keys, living and ended, without the keys themselves: one's own, or with the right all."""
        account = asked.account
        if not _keeps_all(request, granted):
            account = account or granted.actor
            _check_own(granted, account)
        found = await run_in_threadpool(self.keys.every, account)
        return json_answer({"data": [shown(one) for one in found]})

    async def new(self, request: Request, asked: NewKey, granted: Granting) -> Response:
        """Make a key of one's own, or with the right of any account, and show it this once.

        It may never do more than the account, nor more or longer than the key that asks for it.
        """
        by: SignedIn = request.scope["signed_in"]
        account = asked.account or by.actor
        if not _keeps_all(request, granted):
            _check_own(granted, account)
        for wanted in asked.scopes or ("*:*/*",):  # no key makes one that may more than itself
            if not allows(by.narrowed_to, wanted.removesuffix(ALL)):
                raise Problem("beyond-the-key", action=wanted)
        await run_in_threadpool(check_end, self.keys, by, asked.days)
        made = await run_in_threadpool(
            lambda: self.keys.new(account, label=asked.label, days=asked.days, scopes=asked.scopes)
        )
        found = await run_in_threadpool(self.keys.one, id_of(made))
        assert found is not None, "it was made"
        detail = {"id": found.id, "account": account, "label": asked.label}
        self._note(request, "key-made", detail)
        return json_answer({**shown(found), "key": made}, 201)

    async def revoke(self, request: Request, id: KeyId, granted: Granting) -> Response:
        """End a key; within five seconds nobody can use it."""
        every = _keeps_all(request, granted)
        found = await run_in_threadpool(self.keys.one, id)
        if found is not None and not every and found.name != granted.actor:
            raise _no_key(id).hiding(AccountState.stream(found.name))
        if found is None or not await run_in_threadpool(self.keys.revoke_one, id):
            raise _no_key(id)
        self.credentials.forget()
        detail = {"id": id, "account": found.name}
        self._note(request, "key-revoked", detail)
        return Response(status_code=204)

    def _note(self, request: Request, kind: str, detail: dict[str, Any]) -> None:
        scope = request.scope
        address = self.credentials.addresses.address(scope, dict(scope["headers"]))
        about = [AccountState.stream(detail["account"])]
        self.log.note(kind, scope["actor"], detail, about=about, address=address)


def check_end(keys: Keys, by: SignedIn, days: int | None) -> None:
    """Refuse a key that would live on when the one that asks for it has ended."""
    own = None if by.key is None else keys.one(by.key)
    if own is None or own.ends_at is None:
        return
    left = (own.ends_at - keys.database.clock.now()) // DAY
    if days is None or days > left:
        most = f'"days": {left}' if left else ""
        raise Problem(
            "beyond-the-key",
            (
                f"The key that asks ends at {iso(own.ends_at)}. "
                + (f"Give the new one {most} at most." if left else "Sign in to make another."),
                f"发出请求的密钥将于 {iso(own.ends_at)} 失效。"
                + (f"新密钥最多为 {most}。" if left else "请登录后再创建。"),
            ),
            action=operate("keys"),
        )


def _keeps_all(request: Request, granted: Granted) -> bool:
    """Whether those of all accounts may be kept in order; a key needs a scope for its own too."""
    if not granted.reach(KEEPING).nothing:
        return True
    by: SignedIn = request.scope["signed_in"]
    if not allows(by.narrowed_to, KEEPING):
        raise Problem("beyond-the-key", action=KEEPING)
    return False


def _check_own(granted: Granted, account: str) -> None:
    if account != granted.actor:
        raise Problem("forbidden", action=KEEPING)


def _no_key(id: str) -> Problem:
    return Problem(
        "not-found",
        (
            f"There is no key {id} that is not revoked: GET /keys lists them.",
            f"没有未吊销的密钥 {id}：GET /keys 列出了密钥。",
        ),
    )


def shown(key: ApiKey) -> dict[str, Any]:
    instants = {
        name: None if at is None else iso(at)
        for name, at in (
            ("created_at", key.created_at),
            ("ends_at", key.ends_at),
            ("revoked_at", key.revoked_at),
            ("last_used_at", key.last_used_at),
        )
    }
    return {
        "id": key.id,
        "account": key.name,
        "label": key.label,
        "scopes": key.scopes,
        **instants,
    }


def add(app: FastAPI, credentials: Credentials, log: AccessLog) -> None:
    routes, tags = KeyRoutes(credentials, log), list[str | Enum](["access"])
    app.add_api_route(
        "/keys",
        routes.every,
        tags=tags,
        response_model=schemas_access.KeyList,
        responses=schemas.problems(400, 401, 503),
    )
    app.add_api_route(
        "/keys",
        routes.new,
        methods=["POST"],
        tags=tags,
        status_code=201,
        response_model=schemas_access.MadeKey,
        responses=schemas.problems(400, 401, 413, 415, 422, 503),
    )
    app.add_api_route(
        "/keys/{id}",
        routes.revoke,
        methods=["DELETE"],
        tags=tags,
        status_code=204,
        response_class=Response,
        responses=schemas.problems(400, 401, 404, 503),
    )
