"""Where whoever asks is sent notices besides his inbox: made, listed, ended, sent to once more."""

from enum import Enum
from typing import Annotated, Any

from fastapi import FastAPI, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.concurrency import run_in_threadpool

from aggregates.organisation.account import Account
from commands.fields import Whole
from infra.access_log import AccessLog
from infra.attempts import Attempts
from infra.database import Database
from infra.egress import BlockedAddress, Egress
from services.access.actions import operate
from services.access.permissions import Granted
from services.api import schemas, schemas_notices
from services.api.guards import signed_in
from services.api.json_answer import json_answer
from services.api.problems import Problem, unfit
from services.bootstrap import Platform
from services.notices import destinations, mail_codes, notifier
from services.notices.destinations import Channel, Destination

PATH = "/destinations"
MOST = 20
"""Destinations of one account."""
WEBHOOKS = operate("webhooks")
Granting = Annotated[Granted, signed_in()]
DestinationId = Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z0-9-]+$")]
MAIL = r"^[^\s@<>,;]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$"


class NewDestination(BaseModel):
    """Of a mail address, a webhook, or a robot of a chat."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    channel: Channel
    address: Annotated[str, StringConstraints(min_length=3, max_length=500, pattern=r"^[^\x00]*$")]
    secret: Annotated[str, StringConstraints(max_length=200, pattern=r"^[!-~]+$")] | None = Field(
        None, description="By which a robot of DingTalk or Feishu has its messages signed."
    )


class MailDestination(BaseModel):
    address: Annotated[str, StringConstraints(pattern=MAIL)]


class CodeGiven(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Annotated[str, StringConstraints(min_length=1, max_length=40)] = Field(
        description="As it was mailed, with capital letters or small ones."
    )


class ReplayAsked(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    after: Annotated[Whole, Field(ge=0, le=2**62, description="A position of the log.")]


class DestinationRoutes:
    def __init__(self, platform: Platform) -> None:
        self.platform, self.database = platform, platform.database
        self.egress = Egress(platform.settings.notice_targets)

    async def every(self, granted: Granting) -> Response:
        """Where the account can be sent notices, without the secrets."""
        found = await run_in_threadpool(self._those_of, granted.actor)
        return json_answer({"data": [destinations.shown(one) for one in found]})

    async def new(self, request: Request, asked: NewDestination, granted: Granting) -> Response:
        """Make a destination; the secret of a webhook is shown this once.

        A mail address is anybody's to name: it is mailed a code, and notices once that was given.
        A webhook or a robot takes the right to them.
        """
        if asked.channel != "mail" and granted.reach(WEBHOOKS).nothing:
            raise Problem("forbidden", action=WEBHOOKS)
        made = await run_in_threadpool(self._make, asked, granted.actor)
        self._note(request, "destination-made", made.id)
        return json_answer(_with_secret(made), 201)

    async def end(self, request: Request, id: DestinationId, granted: Granting) -> Response:
        """Send nothing more there; what waits for it is parked."""
        await run_in_threadpool(self._end, id, granted.actor)
        self._note(request, "destination-ended", id)
        return Response(status_code=204)

    async def renew(self, request: Request, id: DestinationId, granted: Granting) -> Response:
        """Make a new secret for a webhook, and show it this once; the old one ends."""
        made = await run_in_threadpool(self._renew, id, granted.actor)
        self._note(request, "destination-secret-made", id)
        return json_answer(_with_secret(made))

    async def confirm(
        self, request: Request, id: DestinationId, asked: CodeGiven, granted: Granting
    ) -> Response:
        """Confirm a mail address by the code that was mailed to it; asked again, it stays so."""
        made = await run_in_threadpool(self._confirm, id, granted.actor, asked.code)
        self._note(request, "destination-confirmed", id)
        return json_answer(destinations.shown(made))

    async def code(self, id: DestinationId, granted: Granting) -> Response:
        """Mail another code to an address that is not confirmed; the one before counts no more."""
        made = await run_in_threadpool(self._code, id, granted.actor)
        return json_answer(destinations.shown(made), 202)

    async def replay(self, id: DestinationId, asked: ReplayAsked, granted: Granting) -> Response:
        """Send there once more what its subscriptions tell of, from behind a position on.

        What was sent before has the same id again.
        """
        until = await run_in_threadpool(self._replay, id, granted.actor, asked.after)
        return json_answer({"after": asked.after, "until": until}, 202)

    def _note(self, request: Request, kind: str, id: str) -> None:
        """Who had notices sent where, in the log of access; neither address nor secret."""
        state, actor = request.app.state, request.scope["actor"]
        address = state.credentials.addresses.address(request.scope, dict(request.scope["headers"]))
        log: AccessLog = state.access_log
        log.note(kind, actor, {"id": id}, about=[Account.stream(actor)], address=address)

    def _those_of(self, account: str) -> list[Destination]:
        with self.database.read() as connection:
            return list(destinations.those_of(connection, account))

    def _make(self, asked: NewDestination, account: str) -> Destination:
        self._check(asked)
        if asked.channel == "mail":
            self._count_code(asked.address)
        ours = {"webhook": destinations.new_secret, "mail": mail_codes.new}
        secret = ours[asked.channel]() if asked.channel in ours else asked.secret or ""
        with self.database.write() as connection:
            known = destinations.those_of(connection, account)
            if len(known) >= MOST:
                raise unfit(
                    "channel",
                    f"The account has {len(known)} destinations, and {MOST} are allowed. End one.",
                    f"该账号已有 {len(known)} 个发送目标，最多 {MOST} 个。请先移除一个。",
                )
            what = asked.channel, asked.address, secret
            return destinations.make(connection, account, *what, self.database.now(connection))

    def _check(self, asked: NewDestination) -> None:
        if asked.channel == "mail":
            try:
                MailDestination(address=asked.address)
            except ValueError:
                en = f"{asked.address} is no mail address. Write one such as li@example.com"
                zh = f"{asked.address} 不是邮箱地址。请填写如 li@example.com 的地址。"
                raise unfit("address", en, zh) from None
            return
        try:
            self.egress.check(asked.address)
        except BlockedAddress as error:
            raise unfit("address", str(error), error.zh) from error
        except OSError as error:
            en = f"{error}. Check the name in the address."
            raise unfit("address", en, "找不到该地址的主机。请检查地址。") from error

    def _own(self, id: str, account: str) -> Destination:
        return own(self.database, id, account)

    def _end(self, id: str, account: str) -> None:
        found = self._own(id, account)
        with self.database.write() as connection:
            destinations.end(connection, found.id, self.database.now(connection))

    def _renew(self, id: str, account: str) -> Destination:
        found = self._own(id, account)
        if found.channel != "webhook":
            raise unfit(
                "channel",
                f"The secret of a {found.channel} destination is not ours. Make another one.",
                f"{found.channel} 的密钥不由本平台生成。请另建一个发送目标。",
            )
        return self._kept(found, destinations.new_secret())

    def _kept(self, found: Destination, secret: str) -> Destination:
        with self.database.write() as connection:
            destinations.change(connection, found.id, secret=secret)
        return found._replace(secret=secret)

    def _confirm(self, id: str, account: str, told: str) -> Destination:
        found = self._own(id, account)
        if found.confirmed:
            return found
        rules = mail_codes.settings(self.platform.states)
        with self.database.write() as connection:  # one try after the other: none is uncounted
            held = destinations.of(connection, id, hold=True) or found
            counts = mail_codes.counts(held, self.database.now(connection), rules.tries)
            if counts and mail_codes.fits(held, told):
                return mail_codes.confirm(connection, held)
            if counts:
                mail_codes.failed(connection, held)
        again = f"POST {PATH}/{found.id}/code"
        if counts:
            en = f"That is not the code that was mailed last to {found.address}. Look again, or"
            zh = f"这不是最近发送到 {found.address} 的验证码。请核对，或重新发送：{again}"
            raise unfit("code", f"{en} have another mailed: {again}", zh)
        en = f"No code to {found.address} counts by now: it does for {rules.minutes} minutes"
        en += f" and {rules.tries} tries. Have another mailed: {again}"
        zh = f"发送到 {found.address} 的验证码已失效：有效期 {rules.minutes} 分钟，最多可试"
        raise unfit("code", en, f"{zh} {rules.tries} 次。请重新发送：{again}")

    def _code(self, id: str, account: str) -> Destination:
        found = self._own(id, account)
        if found.confirmed:
            raise unfit(
                "channel",
                "The destination is confirmed, and needs no code.",
                "该发送目标已确认，无需验证码。",
            )
        self._count_code(found.address)
        return self._kept(found, mail_codes.new())

    def _count_code(self, address: str) -> None:
        """Nobody fills the mailbox of another by asking for codes."""
        most = mail_codes.settings(self.platform.states).mailed_daily
        if seconds := Attempts(self.database).begin([mail_codes.asked_for(address, most)]):
            after = {"Retry-After": str(seconds)}
            raise Problem("too-many-codes", headers=after, address=address, most=most)

    def _replay(self, id: str, account: str, after: int) -> int:
        found, log = self._own(id, account), self.platform.store.log
        with self.database.write() as connection:
            until = notifier.position(connection, log) or 0
            if after > until:
                raise unfit(
                    "after",
                    f"People were told up to {until}: nothing is behind {after} to be sent again.",
                    f"通知已处理到 {until}：{after} 之后没有可重发的内容。",
                )
            destinations.change(connection, found.id, replayed_to=after, replay_until=until)
        return until


def own(database: Database, id: str, account: str) -> Destination:
    """A destination of the account; another's is as none."""
    with database.read() as connection:
        found = destinations.of(connection, id)
    if found is None or found.account != account:
        en = f"There is no destination {id}: GET {PATH} lists those of the account."
        zh = f"没有发送目标 {id}：GET {PATH} 列出了该账号的发送目标。"
        raise Problem("not-found", (en, zh))
    return found


def _with_secret(made: Destination) -> dict[str, Any]:
    ours = made.channel == "webhook"
    return {**destinations.shown(made), "secret": made.secret if ours else None}


def add(app: FastAPI, platform: Platform) -> None:
    routes, tags = DestinationRoutes(platform), list[str | Enum](["notices"])

    def route(method: str, path: str, do: Any, model: Any, status: int, *wrong: int) -> None:
        app.add_api_route(
            path,
            do,
            methods=[method],
            tags=tags,
            status_code=status,
            response_model=model,
            responses=schemas.problems(400, 401, 503, *wrong),
        )

    one, body = f"{PATH}/{{id}}", (413, 415, 422)
    made = schemas_notices.MadeDestination
    route("GET", PATH, routes.every, schemas_notices.DestinationList, 200)
    route("POST", PATH, routes.new, made, 201, 403, *body, 429)
    route("POST", f"{one}/secret", routes.renew, made, 200, 404, 422)
    shape = schemas_notices.DestinationShape
    route("POST", f"{one}/confirm", routes.confirm, shape, 200, 404, *body)
    route("POST", f"{one}/code", routes.code, shape, 202, 404, 422, 429)
    route("POST", f"{one}/replay", routes.replay, schemas_notices.ReplayBegun, 202, 404, *body)
    app.add_api_route(
        one,
        routes.end,
        methods=["DELETE"],
        tags=tags,
        status_code=204,
        response_class=Response,
        responses=schemas.problems(400, 401, 404, 503),
    )
