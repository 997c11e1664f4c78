"""What may be done next with a thing, as an answer says it: commands with labels and addresses."""

from typing import Any

from fastapi import Request
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from projections.engine.record import Record
from services import labels
from services.access.next_steps import amends, next_steps
from services.access.permissions import GRANTED
from services.api.asking import ReadQuery
from services.api.problem_kinds import language
from services.api.schemas import Shape
from services.bootstrap import Platform


class NextStep(Shape):
    command: str
    label: str = Field(description="In the language of Accept-Language.")
    address: str = Field(description="Where it is asked, by POST.")
    amends: bool = Field(description="It puts right, takes back or ends.")


async def told(
    platform: Platform, record: Record[Any], id: str, request: Request, asked: ReadQuery
) -> list[dict[str, Any]]:
    """Those of now, whoever asks."""
    spoken = asked.language or language(request.headers.get("accept-language"))
    steps = await run_in_threadpool(next_steps, platform, GRANTED.get(), record.kind, id)
    return [
        {
            "command": (slug := step.slug()),
            "label": labels.of("command", slug, spoken),
            "address": f"/commands/{slug}",
            "amends": amends(step),
        }
        for step in steps
    ]
