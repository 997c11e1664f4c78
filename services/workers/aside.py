"""A view that would hold up the others is named, and left to whoever feeds it apart."""

from collections.abc import Sequence
from typing import Protocol

from projections.engine import Projection


class Locked(Exception):
    """Somebody is about to switch a view, or lets in what was parked."""


class ViewFailed(Exception):
    """One view cannot take a batch; its cause says why."""

    def __init__(self, view: Projection) -> None:
        super().__init__(view.name)
        self.view = view


class Aside(Protocol):
    """Takes views that would hold up the others, and feeds them apart until they caught up."""

    def take(self, view: Projection, error: Exception) -> None: ...

    def returned(self) -> Sequence[str]:
        """Those that have caught up since last asked."""
        ...
