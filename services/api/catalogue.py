"""What there is, with labels of the reader's language: a console is made from this document."""

import hashlib
from typing import Annotated, Literal

from fastapi import FastAPI, Header, Query, Request, Response

from services.api import schemas
from services.api.guards import signed_in
from services.api.problem_kinds import language as preferred
from services.api.problems import accepted
from services.catalogue import building
from services.catalogue.shapes import Catalogue

REVALIDATED = "private, no-cache"
Language = Annotated[
    Literal["en", "zh-CN"] | None,
    Query(description="Of the labels; that of Accept-Language, unless told."),
]
IfNoneMatch = Annotated[
    str | None, Header(description="The ETag that is known: 304 where it is still the one.")
]


async def catalogue(
    request: Request, language: Language = None, if_none_match: IfNoneMatch = None
) -> Response:
    """Contexts, kinds, commands, events and figures with their fields and labels.

    Whatever is false, empty or unknown of a field is left out.
    """
    spoken = language or preferred(accepted(request))
    body = building.as_json(spoken)
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {
        "ETag": tag,
        "Content-Language": spoken,
        "Cache-Control": REVALIDATED,
        "Vary": "Accept-Language",
    }
    known = (one.strip().removeprefix("W/") for one in (if_none_match or "").split(","))
    if any(one in (tag, "*") for one in known):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")


def add(app: FastAPI) -> None:
    app.add_api_route(
        "/catalogue",
        catalogue,
        tags=["platform"],
        dependencies=[signed_in()],
        response_model=Catalogue,
        summary="What there is, with labels in English or Chinese.",
        responses={
            304: {"description": "It is as it was."},
            **schemas.problems(400, 401, 503),
        },
    )
