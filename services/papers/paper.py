"""What stands on a paper, before it is drawn: texts in the language of whoever gets it."""

from collections.abc import Sequence
from typing import NamedTuple


class PaperColumn(NamedTuple):
    """`share` is its part of the width; figures are aligned to the right."""

    label: str
    share: float
    figures: bool = False


class PaperNote(NamedTuple):
    heading: str
    texts: Sequence[str]


class Paper(NamedTuple):
    """`stamp` goes across every page of what is no valid paper. `made_at` is its moment, in
    microseconds, and never the clock's. `page` says which page of how many it is.
    """

    language: str
    sender: str
    letterhead: Sequence[str]
    title: str
    facts: Sequence[tuple[str, str]]
    columns: Sequence[PaperColumn]
    rows: Sequence[Sequence[str]]
    totals: Sequence[tuple[str, str]]
    notes: Sequence[PaperNote]
    footer: str
    page: str
    stamp: str | None
    made_at: int
