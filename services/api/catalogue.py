"""What there is, with labels of the reader's language: a console is made from this document."""

from typing import Annotated, Literal

from fastapi import FastAPI, Header, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from services.access.actions import operate
from services.access.permissions import Granted, unlimited
from services.api import schemas
from services.api.guards import signed_in
from services.api.problem_kinds import language as preferred
from services.api.problems import Problem, accepted
from services.api.revalidation import REVALIDATED, is_known
from services.catalogue import by_rights
from services.catalogue.shapes import Catalogue

Language = Annotated[
    Literal["en", "zh-CN"] | None,
    Query(description="Of the labels; that of Accept-Language, unless told."),
]
WHOLE = operate("access-log")
"""Who watches over access may see what there is for others."""
WhoseRights = Annotated[
    Literal["mine", "all"],
    Query(description="With `all`, whoever may read the log of access sees all there is."),
]
IfNoneMatch = Annotated[
    str | None, Header(description="The ETag that is known: 304 where it is still the one.")
]


async def catalogue(
    request: Request,
    granted: Annotated[Granted, signed_in()],
    language: Language = None,
    rights: WhoseRights = "mine",
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Contexts, kinds, commands, events and figures with their fields and labels.

    It has what the reader may ask and see, and `ETag` is that of such rights. Whatever is false,
    empty or unknown of a field is left out.
    """
    if rights == "all" and granted.reach(WHOLE).nothing:
        raise Problem("forbidden", action=WHOLE)
    spoken = language or preferred(accepted(request))
    whole = unlimited(granted.actor)._replace(own_fields=granted.own_fields)
    reader = whole if rights == "all" else granted
    body, tag = await run_in_threadpool(by_rights.document, spoken, reader)
    headers = {
        "ETag": tag,
        "Content-Language": spoken,
        "Cache-Control": REVALIDATED,
        "Vary": "Accept-Language, Authorization, Cookie",
    }
    if is_known(tag, if_none_match):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")


def add(app: FastAPI) -> None:
    app.add_api_route(
        "/catalogue",
        catalogue,
        tags=["platform"],
        response_model=Catalogue,
        summary="What there is, with labels in English or Chinese.",
        responses={
            304: {"description": "It is as it was."},
            **schemas.problems(400, 401, 503),
        },
    )
