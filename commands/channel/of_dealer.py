"""Requests about what belongs to one dealer: its id is the dealer's, and one of its own."""

from typing import Any, ClassVar

from commands import Command, Id


class DealerCommand(Command):
    """`own` is the field that has the thing's own id."""

    own: ClassVar[str]
    # A class variable is no field: nobody is asked for an id that follows from the rest.
    id: ClassVar[Any] = property(  # type: ignore[misc]
        lambda self: f"{self.dealer}:{getattr(self, self.own)}"
    )

    dealer: Id
