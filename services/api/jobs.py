"""Work that takes long: asked for, followed, broken off, and found again by who left the page."""

from collections.abc import Mapping
from enum import Enum
from functools import partial
from typing import Annotated, Any

from fastapi import FastAPI, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from commands.fields import Digits
from infra.clock import iso, new_id
from projections.engine import Projection, View, generations
from projections.engine.record import Record
from services.access.actions import operate, reading, reading_figure
from services.access.permissions import Granted
from services.api import problems, schemas, schemas_jobs
from services.api.asking import MOST, NO_NAMES, Names
from services.api.freshness import snapshot
from services.api.guards import needs, signed_in
from services.api.json_answer import json_answer
from services.api.problem_kinds import LANGUAGES, language
from services.api.problems import Problem, unfit
from services.api.whatif import PeriodAsked, may_try, to_try, tried_values
from services.bootstrap import Platform
from services.jobs import kept
from services.jobs.kept import JobAsked, JobKind, KeptJob
from services.jobs.rebuilds import Step
from services.jobs.runner import JobRunner
from services.whatif.trials import TRIED

Granting = Annotated[Granted, signed_in()]
Id = Annotated[str, Path(max_length=100, pattern=r"^[0-9a-f-]+$")]
OPERATED: Mapping[str, str] = {"rebuild": operate("rebuild"), "integrity": operate("integrity")}
"""Whoever may ask for these sees those of all."""
KINDS: tuple[JobKind, ...] = ("what-if", "rebuild", "integrity")
AT_ONCE = 5
"""Jobs of one person that go on."""


class TrialAsked(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(max_length=64, examples=["loyalty.earning"])]
    values: dict[str, Any] = Field(
        description="What is otherwise; the rest is as it was.", examples=[{"points": 2}]
    )


class TrialsAsked(PeriodAsked):
    trials: Annotated[list[TrialAsked], Field(min_length=1, max_length=8)]


class RebuildAsked(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    view: Annotated[str, Field(max_length=64, examples=["funnel"])]
    step: Step = Field(
        "compare",
        description="`compare` fills a new generation and tells how it differs; `switch` lets it"
        " answer, `discard` drops it, and `roll-back` lets the one before answer again.",
    )


class JobQuery(BaseModel):
    """Which of the latest jobs."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Names = Field(NO_NAMES, description="Several mean any of them.")
    limit: Annotated[int, Field(ge=1, le=MOST), Digits] = 50


class Jobs:
    def __init__(self, platform: Platform, runner: JobRunner) -> None:
        self.platform, self.runner, self.database = platform, runner, platform.database

    async def every(
        self, request: Request, asked: Annotated[JobQuery, Query()], granted: Granting
    ) -> Response:
        """The latest jobs, the newest first: the asker's own, and those that he may ask for."""
        found = await run_in_threadpool(self._every, asked, granted)
        spoken = language(problems.accepted(request))
        return json_answer({"data": [self._shown(one, granted, spoken) for one in found]})

    async def one(self, request: Request, id: Id, granted: Granting) -> Response:
        """How far a job is, and what came of it."""
        found = await run_in_threadpool(self._seen, id, granted)
        return json_answer(self._shown(found, granted, language(problems.accepted(request))))

    async def cancel(self, id: Id, granted: Granting) -> Response:
        """Break a job off; one that has ended stays as it is."""

        def cancelled() -> None:
            self._seen(id, granted)
            with self.database.write() as connection:
                kept.cancel(connection, id, self.database.now(connection))

        await run_in_threadpool(cancelled)
        return Response(status_code=204)

    async def what_if(self, request: Request, asked: TrialsAsked, granted: Granting) -> Response:
        """Have a period decided anew under other settings, several after one another."""
        period = asked.period(partial(unfit, "until"))
        trials = []
        for number, trial in enumerate(asked.trials):
            tried = to_try(trial.id, granted)
            values = tried_values(tried, trial.values, f"trials/{number}/values")
            trials.append({"id": trial.id, "values": values})
        body = {**period._asdict(), "trials": trials}
        return await self._begun(request, JobAsked("what-if", granted.actor, body), granted)

    async def rebuild(self, request: Request, asked: RebuildAsked, granted: Granting) -> Response:
        """Have a view made anew beside the one that answers, look at how it differs, and switch.

        The work is done by whoever feeds the views: in a cluster, a projector must run.
        """
        await run_in_threadpool(self._check_step, asked)
        job = JobAsked("rebuild", granted.actor, asked.model_dump(), asked.view)
        return await self._begun(request, job, granted)

    async def integrity(self, request: Request, granted: Granting) -> Response:
        """Have the chain of digests walked from the first event to the last."""
        job = JobAsked("integrity", granted.actor, {}, "log")
        return await self._begun(request, job, granted)

    async def generations(self) -> Response:
        """Of each view the generation that answers, the one before, and the one being made."""

        def read() -> list[dict[str, Any]]:
            names = [view.name for view in self.platform.views]
            with snapshot(self.database) as connection:
                answers = generations.all_answering(connection, names)
                before = generations.to_go_back_to(connection)
                made = generations.being_made(connection)
            return [
                {
                    "view": name,
                    "generation": answers[name].generation,
                    "previous": before.get(name),
                    "being_made": made.get(name),
                }
                for name in names
            ]

        return json_answer({"data": await run_in_threadpool(read)})

    async def _begun(self, request: Request, asked: JobAsked, granted: Granted) -> Response:
        found = await run_in_threadpool(self._begin, asked)
        self.runner.wake.set()
        shown = self._shown(found, granted, language(problems.accepted(request)))
        return json_answer(shown, 202, {"Location": f"/jobs/{found.id}"})

    def _begin(self, asked: JobAsked) -> KeptJob:
        with self.database.write() as connection:
            if kept.going_on(connection, asked.actor) >= AT_ONCE:
                raise _refused(
                    "TooManyJobs",
                    f"{AT_ONCE} jobs of yours go on: wait for one, or break one off.",
                    f"您已有 {AT_ONCE} 个任务在进行：请等待其完成，或中止其中一个。",
                )
            found = kept.begin(connection, new_id(), asked, self.database.now(connection))
        if found.asked != asked.body:
            raise _refused(
                "OtherJobGoesOn",
                f"Something else is done with {found.about}: wait for job {found.id}.",
                f"{found.about} 正在进行其他操作：请等待任务 {found.id} 完成。",
            )
        return found

    def _check_step(self, asked: RebuildAsked) -> None:
        if asked.view not in {view.name for view in self.platform.views}:
            raise unfit(
                "view",
                f"There is no view {asked.view}: GET /generations lists them.",
                f"没有视图 {asked.view}：GET /generations 列出了全部视图。",
            )
        with self.database.read() as connection:
            made = asked.view in generations.being_made(connection)
            before = asked.view in generations.to_go_back_to(connection)
        if asked.step in ("switch", "discard") and not made:
            raise _refused(
                "NothingMade",
                f"No generation of {asked.view} is made: compare first.",
                f"{asked.view} 没有正在重建的版本：请先重建并比较。",
            )
        if asked.step == "roll-back" and not before:
            raise _refused(
                "NothingBefore",
                f"{asked.view} has no earlier generation to go back to.",
                f"{asked.view} 没有可回退的上一版本。",
            )

    def _every(self, asked: JobQuery, granted: Granted) -> list[KeptJob]:
        mine = [kind for kind, right in OPERATED.items() if not granted.reach(right).nothing]
        kinds = [kind for kind in KINDS if not asked.kind or kind in asked.kind]
        with self.database.read() as connection:
            found = kept.latest(connection, kinds, granted.actor, mine, asked.limit)
        return [one for one in found if _may_see(one, granted)]

    def _seen(self, id: str, granted: Granted) -> KeptJob:
        with self.database.read() as connection:
            found = kept.read(connection, id)
        if found is None or not _may_see(found, granted):
            raise Problem("not-found", (f"There is no job {id}.", f"没有任务 {id}。"))
        return found

    def _shown(self, job: KeptJob, granted: Granted, spoken: str) -> dict[str, Any]:
        result = dict(job.result)
        error = result.pop("error", None)
        if job.kind == "rebuild" and result:
            result = self._without_hidden(job, result, granted)
        asked = job.asked
        if job.kind == "what-if":
            asked = {**asked, **{name: iso(asked[name]) for name in ("since", "until")}}
        return {
            "id": job.id,
            "kind": job.kind,
            "by": job.actor,
            "state": job.state,
            "done": job.done,
            "total": job.total,
            "asked": asked,
            "asked_at": iso(job.asked_at),
            "ended_at": None if job.ended_at is None else iso(job.ended_at),
            "error": None if error is None else error[LANGUAGES.index(spoken)],
            job.kind.replace("-", "_"): result or None,
        }

    def _without_hidden(
        self, job: KeptJob, result: dict[str, Any], granted: Granted
    ) -> dict[str, Any]:
        """Totals and states are shown to whoever sees all of the view, and no others."""
        view = self.platform.view(job.about)
        action = _reading(view)
        every = action is None or granted.reach(action).everything
        if every and not (action is not None and granted.hidden(action)):
            return result
        hidden = len(result.get("differences", ()))
        return {**result, "old": None, "new": None, "differences": [], "hidden": hidden}


def _reading(view: Projection) -> str | None:
    """What lets read a view; mentions have no values."""
    if isinstance(view, View):
        return reading_figure(view)
    return reading(view.kind.kind) if isinstance(view, Record) else None


def _may_see(job: KeptJob, granted: Granted) -> bool:
    if job.kind in OPERATED:
        return not granted.reach(OPERATED[job.kind]).nothing
    trials = job.asked["trials"]
    mine = job.actor == granted.actor
    return mine and all(may_try(granted, TRIED[one["id"]]) for one in trials)


def _refused(rule: str, en: str, zh: str) -> Problem:
    return Problem("refused", (en, zh), refusal=rule)


def add(app: FastAPI, platform: Platform, runner: JobRunner) -> None:
    jobs, tags = Jobs(platform, runner), list[str | Enum](["platform"])
    body = (400, 401, 403, 404, 409, 413, 415, 422, 503)

    def post(kind: str, do: Any, *rights: Any) -> None:
        app.add_api_route(
            f"/jobs/{kind}",
            do,
            methods=["POST"],
            status_code=202,
            tags=tags,
            dependencies=list(rights),
            operation_id=f"begin_{kind.replace('-', '_')}",
            response_model=schemas_jobs.JobShape,
            responses=schemas.problems(*body),
        )

    post("what-if", jobs.what_if)
    post("rebuild", jobs.rebuild, needs(OPERATED["rebuild"]))
    post("integrity", jobs.integrity, needs(OPERATED["integrity"]))
    wrong = schemas.problems(400, 401, 404, 503)
    app.add_api_route(
        "/jobs",
        jobs.every,
        tags=tags,
        response_model=schemas_jobs.JobList,
        responses=schemas.problems(400, 401, 503),
    )
    one: dict[str, Any] = {"tags": tags, "responses": wrong}
    app.add_api_route("/jobs/{id}", jobs.one, response_model=schemas_jobs.JobShape, **one)
    app.add_api_route(
        "/jobs/{id}",
        jobs.cancel,
        methods=["DELETE"],
        status_code=204,
        response_class=Response,
        **one,
    )
    app.add_api_route(
        "/generations",
        jobs.generations,
        tags=tags,
        dependencies=[needs(OPERATED["rebuild"])],
        response_model=schemas_jobs.GenerationList,
        responses=schemas.problems(401, 503),
    )
