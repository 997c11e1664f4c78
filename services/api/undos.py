"""Imports that are taken back: each is a job that goes on when the asker has left."""

from typing import Annotated, Any, Literal

from fastapi import FastAPI, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from infra.clock import iso
from services.access.actions import operate
from services.api import problems, schemas, schemas_imports
from services.api.guards import needs
from services.api.imports import Id, no_import, seen
from services.api.json_answer import json_answer
from services.api.problem_kinds import LANGUAGES, language
from services.api.problems import Problem
from services.bootstrap import Platform
from services.imports import kept, undo_jobs, undoing
from services.imports.sources import Faulty
from services.imports.undo_jobs import UndoJob
from services.imports.working import Worker


class UndoAsked(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    partial: Literal["true", "false"] = Field(
        "false", description="Take back what can be, and leave the rest."
    )


class Undos:
    def __init__(self, platform: Platform, worker: Worker) -> None:
        self.platform, self.worker = platform, worker
        self.database = platform.database

    async def ask(self, request: Request, id: Id, asked: Annotated[UndoAsked, Query()]) -> Response:
        """Have an import taken back: the answer comes at once, the work goes on behind it.

        Each row has a counter-command; all of them are asked, or none where one is refused.
        Asked again while it goes on, it is the same; after something stayed, it begins anew.
        """
        job = UndoJob(id, request.scope["actor"], asked.partial == "true")
        found = await run_in_threadpool(self._begin, job)
        self.worker.wake.set()
        content = _shown(found, language(problems.accepted(request)))
        return json_answer(content, 202, {"Location": f"/imports/{id}/undo"})

    def _begin(self, job: UndoJob) -> dict[str, Any]:
        with self.database.read() as connection:
            if seen(row := kept.read(connection, job.id)) is None and row is not None:
                raise no_import(job.id)
        try:
            undoing.undoable(self.platform, job.id)
        except Faulty as error:
            with self.database.read() as connection:
                there = kept.read(connection, job.id)
            words = error.faults[0].words
            if there is None:
                raise Problem("not-found", words) from error
            raise Problem("refused", words, refusal="CannotBeUndone") from error
        with self.database.write() as connection:
            undo_jobs.ask(connection, job, self.database.now(connection))
            found = undo_jobs.read(connection, job.id)
        assert found is not None, "it was kept"
        return found

    async def one(self, request: Request, id: Id) -> Response:
        """How far the undo of an import is, and what of it stays, and why."""

        def read() -> dict[str, Any] | None:
            with self.database.read() as connection:
                there = seen(kept.read(connection, id))
                return undo_jobs.read(connection, id) if there else None

        found = await run_in_threadpool(read)
        if found is None:
            words = (
                f"Nobody has asked for import {id} to be undone.",
                f"尚未有人要求撤销导入 {id}。",
            )
            raise Problem("not-found", words)
        return json_answer(_shown(found, language(problems.accepted(request))))


def _shown(row: dict[str, Any], spoken: str) -> dict[str, Any]:
    result, chosen = row["result"], LANGUAGES.index(spoken)
    kept = [
        {"stream": one["stream"], "position": one["position"], "message": one["words"][chosen]}
        for one in result.get("kept", ())
    ]
    fault = result.get("fault")
    return {
        "id": row["id"],
        "by": row["actor"],
        "partial": row["partial"],
        "state": row["state"],
        "done": row["done"],
        "total": row["total"],
        "undone": result.get("undone", 0),
        "stay": result.get("stay", 0),
        "kept": kept,
        "fault": None if fault is None else fault[chosen],
        "asked_at": iso(row["asked_at"]),
        "ended_at": None if row["ended_at"] is None else iso(row["ended_at"]),
    }


def add(app: FastAPI, platform: Platform, worker: Worker) -> None:
    found = Undos(platform, worker)
    app.add_api_route(
        "/imports/{id}/undo",
        found.ask,
        methods=["POST"],
        status_code=202,
        tags=["imports"],
        dependencies=[needs(operate("imports"))],
        summary="Undo an import",
        response_model=schemas_imports.Undo,
        responses=schemas.problems(400, 401, 404, 409, 503),
    )
    app.add_api_route(
        "/imports/{id}/undo",
        found.one,
        tags=["imports"],
        dependencies=[needs(operate("imports"))],
        summary="The undo of an import",
        response_model=schemas_imports.Undo,
        responses=schemas.problems(400, 401, 404, 503),
    )
