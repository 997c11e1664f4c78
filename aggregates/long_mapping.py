"""A mapping of a state that may grow long: a change copies a few of its entries, not all."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

LATELY = 64
"""So many changes are kept apart, before all entries are copied once."""
T = TypeVar("T")
D = TypeVar("D")


@dataclass(frozen=True, eq=False)
class LongMapping(Mapping[str, T], Generic[T]):
    """It is told in the order in which its names came, as a dictionary is."""

    known: Mapping[str, T] = field(default_factory=dict)
    lately: Mapping[str, T | None] = field(default_factory=dict)
    """What became of names since; None of what is no more in it."""

    def changed(self, name: str, value: T | None) -> "LongMapping[T]":
        """With another value of a name, or without it."""
        came_back = name in self.known and name in self.lately and self.lately[name] is None
        if came_back or len(self.lately) == LATELY:
            after: dict[str, Any] = {**self.whole(), name: value}
            if value is None:
                del after[name]
            return LongMapping(after)
        lately = {**self.lately, name: value}
        if value is None and name not in self.known:
            del lately[name]
        return LongMapping(self.known, lately)

    def whole(self) -> dict[str, T]:
        every: dict[str, Any] = {**self.known, **self.lately}
        for name, value in self.lately.items():
            if value is None:
                del every[name]
        return every

    def get(self, name: str, default: D = None) -> T | D:  # type: ignore[assignment]
        if name in self.lately:
            found = self.lately[name]
            return default if found is None else found
        return self.known.get(name, default)

    def __getitem__(self, name: str) -> T:
        found = self.get(name)
        if found is None:
            raise KeyError(name)
        return found

    def __contains__(self, name: object) -> bool:
        return self.get(name) is not None  # type: ignore[arg-type]

    def __iter__(self) -> Iterator[str]:
        return iter(self.whole())

    def __len__(self) -> int:
        return len(self.whole())

    def items(self) -> Any:
        return self.whole().items()

    def values(self) -> Any:
        return self.whole().values()
