"""Settings: what a company has decided for itself, what it will be, and who decided it."""

from enum import Enum
from typing import Annotated, Any

from fastapi import FastAPI, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from aggregates.settings import SettingsModel
from commands.fields import Instant
from infra.clock import micros
from services import settings_shown
from services.access.permissions import Granted
from services.access.visible import any_of
from services.api import schemas, schemas_settings
from services.api.guards import signed_in
from services.api.json_answer import json_answer
from services.api.problem_kinds import language
from services.api.problems import Problem, accepted
from services.bootstrap import CONTEXTS, Platform

Granting = Annotated[Granted, signed_in()]
"""Whoever may read something of a context may read how it is set."""
Id = Annotated[str, Path(max_length=64, examples=["loyalty.earning"])]


class SettingsAsked(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    at: Instant | None = Field(None, description="In force at that instant; now, unless told.")

    @property
    def moment(self) -> int | None:
        return None if self.at is None else micros(self.at)


class SettingsRoutes:
    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    async def every(
        self, request: Request, asked: Annotated[SettingsAsked, Query()], granted: Granting
    ) -> Response:
        """All settings of the contexts that the asker may read something of."""
        seen = (one for one in CONTEXTS if one.settings and any_of(granted, one))
        models = [model for context in seen for model in context.settings]
        spoken = language(accepted(request))
        found = await run_in_threadpool(
            settings_shown.every, self.platform, models, spoken, asked.moment
        )
        return json_answer({"data": found})

    async def one(
        self, request: Request, id: Id, asked: Annotated[SettingsAsked, Query()], granted: Granting
    ) -> Response:
        """Settings as they are in force, what the platform comes with, and the next change."""
        model, spoken = _model(id, granted), language(accepted(request))
        (found,) = await run_in_threadpool(
            settings_shown.every, self.platform, [model], spoken, asked.moment
        )
        return json_answer(found, headers={"ETag": f'"{found["changes"]}"'})

    async def history(self, id: Id, granted: Granting) -> Response:
        """Every version, the newest last: who made it, when, and what held before."""
        found = await run_in_threadpool(settings_shown.history, self.platform, _model(id, granted))
        return json_answer({"data": found})


def _model(id: str, granted: Granted) -> type[SettingsModel]:
    """The settings of that name, where the asker may read something of their context."""
    for context in CONTEXTS:
        found = [model for model in context.settings if model.id == id]
        if found and any_of(granted, context):
            return found[0]
    raise Problem(
        "not-found",
        (
            f"There are no settings {id}: GET /settings lists all.",
            f"没有设置 {id}：GET /settings 列出了全部设置。",
        ),
    )


def add(app: FastAPI, platform: Platform) -> None:
    routes = SettingsRoutes(platform)
    about: dict[str, Any] = {"tags": list[str | Enum](["settings"])}
    app.add_api_route(
        "/settings",
        routes.every,
        response_model=schemas_settings.SettingsList,
        responses=schemas.problems(400, 401, 503),
        **about,
    )
    for path, route, shape in (
        ("/settings/{id}", routes.one, schemas_settings.SettingsShape),
        ("/settings/{id}/history", routes.history, schemas_settings.SettingsSteps),
    ):
        app.add_api_route(
            path,
            route,
            response_model=shape,
            responses=schemas.problems(400, 401, 404, 503),
            **about,
        )
