"""A file of people becomes commands: checked whole, asked in order, its refused rows given back."""

from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from typer.core import TyperGroup

from services.commandline import Code, Failure, output
from services.commandline.ask import ACTOR
from services.commandline.opening import opened
from services.faults import Words
from services.imports import files
from services.imports.files import Import, ImportResult
from services.imports.refused import RefusedRows
from services.imports.rows import silent
from services.imports.sources import CellFault, Faulty, Row, Source, Spec

MOST_SHOWN = 200
"""Faults that are told at once."""
Language = Literal["en", "zh-CN"]


class FileFirst(TyperGroup):
    """What follows `import` is a file unless it is a verb."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in {*self.commands, "--help"}:
            args = ["file", *args]
        return super().parse_args(ctx, args)


def file(
    path: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False)],
    command: Annotated[str, typer.Option("--as", help="The command that a row asks for.")],
    mapping: Annotated[
        list[str] | None, typer.Option("--map", metavar="COLUMN=FIELD", help="Once per column.")
    ] = None,
    constants: Annotated[
        list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="For all rows.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only check all rows.")] = False,
    partly: Annotated[
        bool, typer.Option("--partial", help="Take the good rows where others are bad.")
    ] = False,
    refused: Annotated[
        Path | None, typer.Option(help="Write the refused rows there, as CSV.", dir_okay=False)
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="Of a workbook; the first, else.")] = None,
    encoding: Annotated[str | None, typer.Option(help="Such as gb18030; found, else.")] = None,
    money: Annotated[
        str, typer.Option(help="What amounts are in: minor, major, or major of a currency: CNY.")
    ] = "",
    expected: Annotated[
        Literal["any", "new"], typer.Option(help="Refuse rows of what exists already: new.")
    ] = "any",
    dates: Annotated[
        Literal["refuse", "flag"], typer.Option(help="What becomes of dates that come too early.")
    ] = "refuse",
    language: Annotated[Language, typer.Option(help="Of what is told about rows.")] = "en",
) -> None:
    """Import a file of CSV or XLSX, each row as one command."""
    spec = Spec(
        command=command,
        mapping=_pairs("--map", mapping),
        constants=_pairs("--set", constants),
        sheet=sheet,
        encoding=encoding,
        money=money,
        dates=dates,
        expected=expected,
        partial=partly,
    )
    chosen = 0 if language == "en" else 1
    with Told(refused, chosen) as told:
        try:
            one = files.opened(Source(path.name, path), spec)
            result = files.check_all(one, told) if dry_run else _run(one, told)
        except Faulty as error:
            _faults(error.faults, chosen)
            raise Failure("Nothing was imported.", Code.USAGE) from error
    _end(one, result, told, dry_run=dry_run)


def _pairs(option: str, given: list[str] | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in given or ():
        left, equals, right = each.rpartition("=") if option == "--map" else each.partition("=")
        if not equals:
            raise Failure(f"{option} {each}: write two names with = between them.", Code.USAGE)
        found[left.strip()] = right.strip()
    return found


def _run(one: Import, told: "Told") -> ImportResult:
    from services.imports.working import run_kept  # here: no other command should wait for it

    with opened(prepared=True) as platform, output.progress(one.source.name) as bar:
        told.bar = bar
        return run_kept(platform, one, ACTOR, told)


class Told:
    """Tells how far it is, and writes the refused rows into a file where one was named."""

    def __init__(self, path: Path | None, language: int) -> None:
        self.path, self.language = path, language
        # The mark at the beginning tells spreadsheets that it is UTF-8.
        opens = partial(path.open, "w", encoding="utf-8-sig", newline="") if path else None
        self.rows = RefusedRows(opens, language)
        self.bar: output.Told = silent

    def __enter__(self) -> "Told":
        return self

    def __exit__(self, *_: object) -> None:
        self.rows.close()

    def progress(self, done: int, total: int) -> None:
        self.bar(done, total)

    def refused(self, header: Row, rows: list[Row], rule: str, words: Words) -> None:
        self.rows.write(header, rows, rule, words)


def _faults(faults: list[CellFault], language: int) -> None:
    for fault in faults[:MOST_SHOWN]:
        output.line(fault.shown(language))


def _end(one: Import, result: ImportResult, told: Told, *, dry_run: bool) -> None:
    """What came of it; faults go to stdout, and the code says that there are some."""
    _faults(result.faults, told.language)
    counts = f"{result.rows} good, {result.invalid} bad"
    if not dry_run and (result.accepted or result.repeated or result.refused):
        counts = (
            f"{result.accepted} accepted, {result.repeated} known before, {result.refused} refused,"
            f" {result.invalid} bad, {result.events} events"
        )
    notes = [f"  note: {words[told.language]}" for words in result.notes]
    if told.rows.lines:
        notes.append(f"  note: {told.rows.lines} refused rows are in {told.path}")
    output.say("\n".join([f"{one.source.name}: {counts}; import {one.id}", *notes]))
    if result.invalid and not (one.spec.partial and not result.broken):
        raise Failure(
            "Nothing was imported: correct the rows above, or take the good ones with --partial.",
            Code.USAGE,
        )
    if not result.whole:
        raise Failure(
            "The refused rows are above, each with its rule. Correct them and import again:"
            " what is done is not done twice.",
            Code.REFUSED,
        )


def undo(
    id: Annotated[str, typer.Argument(metavar="ID", help="As the import told it.")],
    partly: Annotated[
        bool, typer.Option("--partial", help="Take back what can be, and leave the rest.")
    ] = False,
    language: Annotated[Language, typer.Option(help="Of what is told about rows.")] = "en",
) -> None:
    """Take an import back by counter-commands, where nothing was built on it."""
    from services.imports import undoing

    chosen = 0 if language == "en" else 1
    with opened(prepared=True) as platform:
        try:
            with output.progress(id) as bar:
                found = undoing.undo(platform, id, ACTOR, partial=partly, progress=bar)
        except Faulty as error:
            raise Failure(error.faults[0].words[chosen], Code.USAGE) from error
    for stream, position, words in found.kept[:MOST_SHOWN]:
        output.line({"stream": stream, "position": position, "message": words[chosen]})
    output.say(f"{id}: {found.undone} of {found.rows} undone, {found.stay} stay")
    if found.stay:
        raise Failure(
            "What stays is above, each with why."
            + ("" if partly else " Nothing was undone: --partial takes back the rest."),
            Code.REFUSED,
        )
