"""What whoever asks likes, such as a layout or a language: kept for all places he signs in at."""

from enum import Enum
from typing import Annotated, Any

from fastapi import Body, FastAPI, Response
from pydantic import JsonValue
from starlette.concurrency import run_in_threadpool

from infra.preferences import MOST, Preferences, PreferencesTooLarge
from services.access.permissions import Granted
from services.api import schemas
from services.api.guards import signed_in
from services.api.json_answer import json_answer
from services.api.problems import Problem
from services.bootstrap import Platform

PATH = "/preferences"
Granting = Annotated[Granted, signed_in()]
Change = Annotated[
    dict[str, JsonValue],
    Body(examples=[{"language": "zh-CN", "home": {"hidden": ["month"]}, "density": None}]),
]


class PreferenceRoutes:
    def __init__(self, kept: Preferences) -> None:
        self.kept = kept

    async def read(self, granted: Granting) -> Response:
        """What the account likes: whatever its programs keep there. Nobody sees another's."""
        return json_answer(await run_in_threadpool(self.kept.of, granted.actor))

    async def change(self, change: Change, granted: Granting) -> Response:
        """Change some of it by JSON Merge Patch (RFC 7396): null removes, objects are merged."""
        try:
            found = await run_in_threadpool(self.kept.change, granted.actor, change)
        except PreferencesTooLarge as error:
            raise Problem("preferences-too-large", limit=MOST) from error
        return json_answer(found)


def add(app: FastAPI, platform: Platform) -> None:
    routes = PreferenceRoutes(Preferences(platform.database))

    def route(method: str, do: Any, *statuses: int) -> None:
        wrong = schemas.problems(401, 503, *statuses)
        shape: dict[str, Any] = {"tags": list[str | Enum](["access"]), "responses": wrong}
        app.add_api_route(PATH, do, methods=[method], response_model=dict[str, JsonValue], **shape)

    route("GET", routes.read)
    route("PATCH", routes.change, 400, 413, 415, 422)
