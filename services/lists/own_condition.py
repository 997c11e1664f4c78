"""A condition on a list that asks for what concerns whoever asks, and is no field of its rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from aggregates.conditions import Tree
from aggregates.organisation.rights import Rights
from projections.engine.reach import Reach
from projections.engine.record import Record


class ListReader(Protocol):
    """Whoever asks a list, with what he may do and see."""

    @property
    def actor(self) -> str: ...

    @property
    def rights(self) -> Rights | None: ...

    def may(self, action: str) -> bool: ...

    def reach(self, action: str) -> Reach: ...


@dataclass(frozen=True)
class OwnCondition:
    """Its only value is `me`; `tree` says what that comes to for whoever asks.

    `about` is what it is for, and `words` how it is said of a list, by language.
    """

    record: Record[Any]
    name: str
    about: str
    words: Mapping[str, str]
    tree: Callable[[ListReader], Tree]
