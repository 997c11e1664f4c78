"""Nobody reads what is not granted: what a route needs stands on the route itself."""

from typing import Any

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from projections.engine.reach import Reach
from services import own_fields
from services.access.permissions import GRANTED, Granted, Permissions, unlimited
from services.access.request_notes import NOTES, RequestNotes, RequestOrigin
from services.api.credentials import SignedIn
from services.api.problems import Problem


class Needs:
    """A dependency that answers for what of it, and refuses whoever may not at all."""

    def __init__(self, action: str) -> None:
        self.action = action

    async def __call__(self, request: Request) -> Reach:
        granted = await granted_to(request)
        reach = granted.reach(self.action)
        if reach.nothing:
            raise Problem("forbidden", action=self.action)
        return reach


class Anybody:
    """A dependency of what everybody may who has an account, or part of which is hidden."""

    async def __call__(self, request: Request) -> Granted:
        return await granted_to(request)


def needs(action: str) -> Any:
    return Depends(Needs(action))


def signed_in() -> Any:
    return Depends(Anybody())


async def granted_to(request: Request) -> Granted:
    """What whoever asks may do and see; whoever asks from the machine itself may all."""
    permissions: Permissions = request.app.state.permissions
    actor: str = request.scope["actor"]
    found = permissions.remembered(actor)
    if request.scope.get("local"):
        own = await run_in_threadpool(permissions.own_fields)
        found = unlimited(actor)._replace(own_fields=own)
    elif found is None:
        found = await run_in_threadpool(permissions.of, actor)
    by: SignedIn | None = request.scope.get("signed_in")
    if by is not None and by.narrowed_to is not None:
        found = found._replace(narrowed_to=by.narrowed_to)
    GRANTED.set(found)
    own_fields.call(found.own_fields)
    NOTES.set(_notes(request))
    return found


def _notes(request: Request) -> RequestNotes:
    """One for the request, however many of its dependencies ask."""
    scope, state = request.scope, request.app.state
    if "notes" not in scope:
        address = state.credentials.addresses.address(scope, dict(scope["headers"]))
        asked = RequestOrigin(scope["actor"], address, scope["path"], request.url.query)
        scope["notes"] = RequestNotes(state.access_log, asked)
    found: RequestNotes = scope["notes"]
    return found
