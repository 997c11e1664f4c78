"""What a worker waits for is a word that all workers share, with a place and a position."""

from typing import Literal, NamedTuple

Reason = Literal["start", "lead", "broker", "hole", "event", "aside"]
"""`start`: until it can begin, for the database or Kafka. `lead`: another worker does its job.

`broker`: for the acknowledgement of a position. `hole`: for what follows a position in a
partition. `event`: until a process can react, after a fault that may pass.

`aside`: until a view has caught up that is fed by itself, since it would hold up the others.
"""


class Wait(NamedTuple):
    reason: Reason
    at: str = ""
    position: int | None = None
