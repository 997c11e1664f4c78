"""Rows that rest on later rows are asked again once those are done, and end as if in order."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from aggregates import Unknown
from commands.authorisation import OutOfScope
from infra.executor import Executor
from infra.requests import Answer, Outcome, Request

T = TypeVar("T")
NAMES_NOTHING = {Unknown.__name__, OutOfScope.__name__}
Row = tuple[T, Request]
"""What tells the row from others, and what it asks."""


def commit_rows(
    executor: Executor, rows: Iterable[Row[T]], size: int
) -> Iterator[list[tuple[T, Answer]]]:
    """The answers to all rows, committed in order and `size` at a time.

    Whatever names something that is not there waits, and is asked again after the others for as
    long as that leaves fewer of them. What is left is answered last.
    """
    before: int | None = None  # not known: rows may come from a stream
    while True:
        stuck: list[tuple[Row[T], Answer]] = []
        for few in _chunks(rows, size):
            answers = executor.commit([request for _, request in few])
            answered = list(zip(few, answers, strict=True))
            stuck += [each for each in answered if names_nothing(each[1])]
            yield [(row[0], answer) for row, answer in answered if not names_nothing(answer)]
        if not stuck:
            return
        if len(stuck) == before:
            yield [(row[0], answer) for row, answer in stuck]
            return
        before, rows = len(stuck), [row for row, _ in stuck]


def names_nothing(answer: Answer) -> bool:
    """Whether it was refused because something that it names does not exist."""
    return isinstance(answer, Outcome) and answer.refusal in NAMES_NOTHING


def _chunks(rows: Iterable[Row[T]], size: int) -> Iterator[list[Row[T]]]:
    remaining = iter(rows)
    while few := list(islice(remaining, size)):
        yield few
