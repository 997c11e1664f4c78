"""The structure of the company on a day, as the API answers it."""

import asyncio
from typing import Annotated, Any

import msgspec
import typer

from services.commandline import Code, Failure, output
from services.commandline.opening import opened

ACTOR = "cli"
AsJson = Annotated[bool, typer.Option("--json", help="JSON.")]


def organisation(
    on: Annotated[
        str | None, typer.Option(help="A day, 2026-03-01; today, unless told otherwise.")
    ] = None,
    known_at: Annotated[
        str | None, typer.Option(help="Count only what was recorded by the end of that day.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Show each department with who headed it, who worked there, and what was vacant."""
    told = {"on": on, "known_at": known_at}
    content = _asked([(name, value) for name, value in told.items() if value is not None])
    if not output.to_people(as_json=as_json):
        output.line(content)
        return
    rows = [
        {
            "department": "  " * one["level"] + one["id"],
            "headed by": ", ".join(one["headed_by"]),
            "people": ", ".join(person["id"] for person in one["people"]),
            "vacant": ", ".join(p["id"] for p in one["positions"] if p["filled_by"] is None),
        }
        for one in content["data"]
    ]
    output.rows(rows, "Departments", as_json=False)


def _asked(query: list[tuple[str, str]]) -> dict[str, Any]:
    from services.api import in_process  # here: no other command should wait for it

    body = bytearray()
    with opened() as platform:
        app = in_process.build(platform)
        try:
            asyncio.run(in_process.get(app, ACTOR, "/organisation", query, body.extend))
        except in_process.Answer as answer:
            said = msgspec.json.decode(answer.body)
            code = Code.USAGE if answer.status == 400 else Code.FAILED
            raise Failure(said["detail"], code) from answer
    content: dict[str, Any] = msgspec.json.decode(body)
    return content


def add(app: typer.Typer) -> None:
    app.command()(organisation)
