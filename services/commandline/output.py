"""Tables for people on a terminal, JSON for whoever reads a pipe, progress beside both."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec

# Rich is loaded where something is drawn: most output goes into a pipe.

Told = Callable[[int, int | None], None]


def line(content: Any) -> None:
    """One line of JSON on stdout."""
    sys.stdout.write(msgspec.json.encode(content).decode() + "\n")
    sys.stdout.flush()


def to_people(*, as_json: bool) -> bool:
    return not as_json and sys.stdout.isatty()


def rows(found: Sequence[Mapping[str, Any]], title: str, *, as_json: bool) -> None:
    """A table on a terminal; otherwise one JSON line a row."""
    if not to_people(as_json=as_json):
        for row in found:
            line(row)
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    for name in found[0] if found else ():
        numeric = all(isinstance(row[name], int | float) for row in found)
        table.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in found:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    Console().print(table if found else f"{title}: none")


def say(text: str) -> None:
    """A line for people, on stderr, so that pipes stay clean."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


@contextmanager
def progress(what: str) -> Iterator[Told]:
    """Draws how far it is on stderr; where that is no terminal, a line now and then."""
    if not sys.stderr.isatty():
        yield _lines(what)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _lines(what: str) -> Told:
    told = 0

    def tell(done: int, total: int | None) -> None:
        nonlocal told
        share = done * 10 // total if total else done // 10_000
        if share > told:
            told = share
            sys.stderr.write(f"{what}: {done}{f' of {total}' if total else ''}\n")
            sys.stderr.flush()

    return tell
