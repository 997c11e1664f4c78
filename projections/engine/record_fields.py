"""What is said of a record's fields: their types, and what they are looked up by."""

from dataclasses import fields
from functools import lru_cache
from typing import Any, TypeVar

import msgspec

from aggregates.marks import ADDS_UP as ADDS_UP
from aggregates.marks import BY_READING as BY_READING
from aggregates.marks import DAY as DAY
from aggregates.marks import HIDES as HIDES
from aggregates.marks import INDEXED as INDEXED
from aggregates.marks import INSTANT as INSTANT
from aggregates.marks import MONEY as MONEY
from aggregates.marks import OF_PERSON as OF_PERSON
from aggregates.marks import OWN as OWN
from aggregates.marks import SEARCHED as SEARCHED
from aggregates.marks import SIGNERS as SIGNERS
from aggregates.marks import Field as Field
from aggregates.marks import Name as Name
from aggregates.marks import declared as declared
from aggregates.marks import names as names

R = TypeVar("R", bound=tuple[Any, ...])
PLAIN = frozenset({str, int, bool, type(None)})
BLANK: Any = ""
"""What an enumeration is before anything is known."""


def taking(row: R, event: Any, *but: str) -> R:
    """The row with what the event says of the fields that both name alike."""
    names = _alike(type(event), type(row), but)  # type: ignore[arg-type]
    found: R = row._replace(**{name: plain(getattr(event, name)) for name in names})  # type: ignore[attr-defined]
    return found


@lru_cache(maxsize=1_000)
def _alike(event: type[Any], row: type[Any], but: tuple[str, ...]) -> frozenset[str]:
    return frozenset({known.name for known in fields(event)} & set(row._fields) - set(but))


def plain(value: Any) -> Any:
    """A value as JSON has it: days as text, lines as objects."""
    if type(value) in PLAIN:
        return value
    made = msgspec.to_builtins(value)
    return tuple(made) if isinstance(made, list) else made
