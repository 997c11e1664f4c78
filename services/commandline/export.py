"""Lists and figures into files, as the API answers them."""

import asyncio
import hashlib
import sys
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from infra.whole_file import whole
from services import filter_values
from services.commandline import Code, Failure, output
from services.commandline.opening import opened

if TYPE_CHECKING:
    from services.api.app import Api

ACTOR = "cli"
CODES = {400: Code.USAGE, 404: Code.FAILED, 409: Code.CONFLICT, 503: Code.UNAVAILABLE}
Format = StrEnum("Format", ["csv", "xlsx", "ndjson", "parquet"])
Header = StrEnum("Header", ["labels", "names"])
Language = StrEnum("Language", {"en": "en", "zh": "zh-CN"})
TEXT = frozenset({Format.csv, Format.ndjson})


def export(
    what: Annotated[str, typer.Argument(help="As in the API: customers, stock, rankings/dealers.")],
    where: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE", help="A parameter of the API: region=east, sort=-amount."
        ),
    ] = None,
    to: Annotated[Path | None, typer.Option(help="The file; without it, or as -, stdout.")] = None,
    format: Annotated[Format | None, typer.Option(help="Unless the file's name says it.")] = None,
    header: Annotated[
        Header, typer.Option(help="Columns for people, or for programs.")
    ] = Header.labels,
    language: Annotated[Language, typer.Option(help="Of the labels.")] = Language.en,
) -> None:
    """Write all rows of a list or a figure into a file, and its manifest beside it."""
    if to == Path("-"):
        to = None
    kind = format or _by_name(to)
    if to is None and kind not in TEXT and sys.stdout.isatty():
        raise Failure(f"{kind} is not for a terminal: name a file with --to.", Code.USAGE)
    how = [("format", kind), ("header", header), ("language", language)]
    query = [*(_parameter(given) for given in where or ()), *how]
    with opened() as platform:
        from services.api import in_process  # here: no other command should wait for it

        app = in_process.build(platform)
        path = _path(app, what)

        def ask(path: str, query: Sequence[tuple[str, str]], take: Callable[[bytes], Any]) -> Any:
            try:
                return asyncio.run(in_process.get(app, ACTOR, path, query, take))
            except in_process.Answer as answer:
                said = msgspec.json.decode(answer.body)
                code = CODES.get(answer.status, Code.FAILED)
                raise Failure(said["detail"], code) from answer

        if to is None:
            ask(path, query, sys.stdout.buffer.write)
            sys.stdout.buffer.flush()
            return
        try:
            told = _into(to, path, query, ask)
        except OSError as error:
            raise Failure(f"{error.filename or to}: {error.strerror}") from error
    output.say(f"{to}: {told['rows']} rows as of position {told['position']}.")


def _into(to: Path, path: str, query: Sequence[tuple[str, str]], ask: Any) -> dict[str, Any]:
    """The file and its manifest, each there whole or not at all; answers what the latter says."""
    digest, manifest = hashlib.sha256(), bytearray()
    with whole(to) as file:

        def take(data: bytes) -> None:
            digest.update(data)
            file.write(data)

        made = ask(path, query, take)["x-export-id"]
        ask(f"/exports/{made}/manifest", (), manifest.extend)
        told: dict[str, Any] = msgspec.json.decode(manifest)
        if told["sha256"] != digest.hexdigest():
            raise Failure(f"{to}: what was written is not what was made. Export it again.")
    with whole(to.with_name(f"{to.name}.manifest.json")) as file:
        file.write(msgspec.json.format(bytes(manifest)) + b"\n")
    return told


def _by_name(to: Path | None) -> Format:
    if to is None:
        return Format.csv
    try:
        return Format(to.suffix.removeprefix(".").lower())
    except ValueError:
        every = ", ".join(Format)
        raise Failure(f"{to} names no format: add --format, one of {every}.", Code.USAGE) from None


def _parameter(given: str) -> tuple[str, str]:
    name, sign, value = given.partition("=")
    if not sign or not name:
        raise Failure(f"--where {given}: write NAME=VALUE, such as region=east.", Code.USAGE)
    return name, value


def _path(app: "Api", what: str) -> str:
    """The address of a list or a figure; else says which there are."""
    from services.api.accepts import Offers

    offers, path = Offers(app.routes), f"/{what.strip('/')}"
    if offers.exports(path):
        return path
    every = sorted(offers.exported)
    near = filter_values.nearest(path, every)
    choice = f"Did you mean {near[1:]}?" if near else f"Take {', '.join(n[1:] for n in every)}."
    raise Failure(f"There is no list or figure {what}. {choice}", Code.USAGE)


def add(app: typer.Typer) -> None:
    app.command()(export)
