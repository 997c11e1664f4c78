"""Files that are sent to be imported: each is a job that goes on when the asker has left."""

import hashlib
from typing import Annotated, Any, Literal

import msgspec
from fastapi import FastAPI, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import IntegrityError
from starlette.concurrency import run_in_threadpool

from commands import Command
from commands.fields import Digits
from infra.clock import iso, new_id
from infra.requests import KeyReused
from services.access.actions import operate
from services.access.permissions import GRANTED
from services.api import problems, schemas, schemas_imports
from services.api.asking import MOST
from services.api.commands import PARAMETERS, command_headers
from services.api.guards import needs
from services.api.json_answer import json_answer
from services.api.problem_kinds import LANGUAGES, language
from services.api.problems import Problem, wrong
from services.bootstrap import Platform
from services.imports import kept
from services.imports.kept import ImportJob
from services.imports.sources import CellFault, Spec
from services.imports.working import Worker

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TABLES = ("text/csv", XLSX)
Id = Annotated[str, Path(max_length=100, pattern=r"^[0-9a-f-]+$")]
Text = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]+$")]
Pairs = Annotated[list[Text], Field(max_length=500)]
COUNTS = ("accepted", "repeated", "waiting", "refused", "invalid", "events")


class Asking(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    command: Text = Field(description="What a row asks for.", examples=["register-customer"])
    name: Text = Field(
        description="The file's name: equal rows of files of one name are one request.",
        examples=["customers.csv"],
    )
    map: Pairs = Field([], description="`COLUMN=FIELD`, once per column that has another name.")
    set: Pairs = Field([], description="`FIELD=VALUE` for all rows.")
    dry_run: Literal["true", "false"] = Field("false", description="Only check all rows.")
    partial: Literal["true", "false"] = Field(
        "false", description="Take the good rows where others are bad."
    )
    sheet: Text | None = None
    encoding: Text | None = None
    money: Text | None = Field(
        None,
        description="What amounts are in where their headers do not say: `minor`, `major`, or major"
        " units of a currency, `CNY`. By a field's own name, they are in minor units.",
    )
    dates: Literal["refuse", "flag"] = "refuse"
    expected: Literal["any", "new"] = "any"

    def spec(self, reason: str | None) -> Spec:
        return Spec(
            command=self.command,
            mapping=_pairs("map", self.map),
            constants=_pairs("set", self.set),
            sheet=self.sheet,
            encoding=self.encoding,
            money=self.money or "",
            dates=self.dates,
            expected=self.expected,
            partial=self.partial == "true",
            reason=reason,
        )


class Latest(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: Annotated[int, Field(ge=1, le=MOST), Digits] = 100


def _pairs(parameter: str, given: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in given:
        left, equals, right = each.rpartition("=") if parameter == "map" else each.partition("=")
        if not equals:
            raise wrong(
                parameter,
                "no_pair",
                f"{parameter}={each}: write two names with = between them.",
                f"{parameter}={each}：请写两个名称，中间用 = 连接。",
            )
        found[left.strip()] = right.strip()
    return found


class Imports:
    def __init__(self, platform: Platform, worker: Worker) -> None:
        self.platform = platform
        self.database = platform.database
        self.worker = worker

    async def ask(self, request: Request, asked: Annotated[Asking, Query()]) -> Response:
        """Have a file imported: the answer comes at once, the work goes on behind it.

        All rows are checked before the first is asked. Ask for the import by its address to see
        how far it is. The same file sent again under its name changes nothing. `Request-Reason` is
        for whoever has to confirm its rows.
        """
        who = command_headers(request)
        if asked.command not in Command.known:
            raise Problem("unknown-command", command=asked.command)
        if request.headers.get("content-type", "").partition(";")[0].strip() not in TABLES:
            raise Problem("no-table")
        spoken = language(request.headers.get("accept-language"))
        job = ImportJob(
            new_id(), who.actor, asked.name, asked.spec(who.reason), asked.dry_run == "true", spoken
        )
        file = await request.body()
        name = await run_in_threadpool(self._begin, job, file, who.key)
        self.worker.wake.set()
        found = await run_in_threadpool(self._read, name)
        assert found is not None, "it was kept"
        shown, headers = _shown(found, spoken), {"Location": f"/imports/{name}"}
        return json_answer(shown, 202, headers)

    def _begin(self, job: ImportJob, file: bytes, key: str) -> str:
        told = msgspec.json.encode((job.name, job.spec, job.dry_run), order="sorted")
        content = hashlib.sha256(told + hashlib.sha256(file).digest()).hexdigest()
        try:
            return self._kept(job, file, key, content)
        except IntegrityError:  # somebody was faster under the same key
            return self._kept(job, file, key, content)

    def _kept(self, job: ImportJob, file: bytes, key: str, content: str) -> str:
        with self.database.write() as connection:
            if known := kept.under(connection, job.actor, key):
                if known[1] != content:
                    raise KeyReused
                return known[0]
            after = self.platform.store.head(connection).position
            kept.begin(connection, job, content, self.database.now(connection), after, key)
            kept.keep_file(connection, job.id, file)
        return job.id

    async def one(self, request: Request, id: Id) -> Response:
        """How far an import is, and what became of its rows."""
        found = await run_in_threadpool(self._read, id)
        if found is None:
            raise no_import(id)
        spoken = language(problems.accepted(request))
        return json_answer(_shown(found, spoken))

    def _read(self, id: str) -> dict[str, Any] | None:
        with self.database.read() as connection:
            return seen(kept.read(connection, id))

    async def refused(self, id: Id) -> Response:
        """The rows that were refused, as they came, with the rule and the reason beside each.

        Correct them and send them again. It is empty where there are none, or none yet.
        """

        def read() -> bytes | None:
            with self.database.read() as connection:
                there = seen(kept.read(connection, id))
                return kept.refused(connection, id) if there else None

        rows = await run_in_threadpool(read)
        if rows is None:
            raise no_import(id)
        headers = {"Content-Disposition": 'attachment; filename="refused.csv"'}
        return Response(rows, headers=headers, media_type="text/csv")

    async def latest(self, request: Request, asked: Annotated[Latest, Query()]) -> Response:
        """The latest imports, the newest first."""

        def read() -> list[dict[str, Any]]:
            with self.database.read() as connection:
                return kept.latest(connection, asked.limit, whose())

        spoken = language(problems.accepted(request))
        rows = [_shown(row, spoken) | {"faults": []} for row in await run_in_threadpool(read)]
        return json_answer({"data": rows})


def whose() -> str | None:
    """Whose imports may be seen: one's own, or all where the right to them has no bound."""
    granted = GRANTED.get()
    return None if granted.reach(operate("imports")).everything else granted.actor


def seen(row: dict[str, Any] | None) -> dict[str, Any] | None:
    """The import, where whoever asks may see it."""
    return row if row is not None and whose() in (None, row["actor"]) else None


def no_import(id: str) -> Problem:
    return Problem("not-found", (f"There is no import {id}.", f"没有导入 {id}。"))


def _shown(row: dict[str, Any], spoken: str) -> dict[str, Any]:
    result, chosen = row["result"], LANGUAGES.index(spoken)
    faults = [msgspec.convert(fault, CellFault).shown(chosen) for fault in result.get("faults", ())]
    return {
        "id": row["id"],
        "command": row["spec"].command,
        "name": row["name"],
        "by": row["actor"],
        "dry_run": row["dry_run"],
        "state": row["state"],
        "done": row["done"],
        "total": result.get("rows", row["total"]),
        **{name: result.get(name, 0) for name in COUNTS},
        "faults": faults,
        "notes": [words[chosen] for words in result.get("notes", ())],
        "asked_at": iso(row["asked_at"]),
        "ended_at": None if row["ended_at"] is None else iso(row["ended_at"]),
    }


def add(app: FastAPI, platform: Platform, worker: Worker) -> None:
    found = Imports(platform, worker)
    file = {"schema": {"type": "string", "format": "binary"}}
    rights = [needs(operate("imports"))]
    app.add_api_route(
        "/imports",
        found.ask,
        methods=["POST"],
        status_code=202,
        tags=["imports"],
        dependencies=rights,
        summary="Import a file",
        response_model=schemas_imports.Import,
        responses=schemas.problems(400, 401, 409, 413, 415, 422, 503),
        openapi_extra={
            "parameters": PARAMETERS[:1],
            "requestBody": {"required": True, "content": dict.fromkeys(TABLES, file)},
        },
    )
    app.add_api_route(
        "/imports",
        found.latest,
        tags=["imports"],
        dependencies=rights,
        response_model=schemas_imports.Imports,
        responses=schemas.problems(400, 401, 503),
    )
    app.add_api_route(
        "/imports/{id}",
        found.one,
        tags=["imports"],
        dependencies=rights,
        response_model=schemas_imports.Import,
        responses=schemas.problems(400, 401, 404, 503),
    )
    app.add_api_route(
        "/imports/{id}/refused",
        found.refused,
        tags=["imports"],
        dependencies=rights,
        response_class=Response,
        responses={
            **schemas.problems(400, 401, 404, 503),
            200: {"content": {"text/csv": {"schema": {"type": "string"}}}},
        },
    )
