"""Processes that may die at any moment, and are started anew when they are needed."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Slot(Generic[T]):
    """`fragile` is a process that throws itself away after an error."""

    def __init__(
        self, start: Callable[[], T], end: Callable[[T], Any] = bool, *, fragile: bool = False
    ) -> None:
        self._start, self._end = start, end
        self.fragile = fragile
        self.process: T | None = None

    def get(self) -> T:
        if self.process is None:
            self.process = self._start()
        return self.process

    def end(self) -> None:
        process, self.process = self.process, None
        if process is not None:
            self._end(process)
