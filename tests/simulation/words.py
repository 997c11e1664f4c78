"""What the log says of events that were skipped: the last word on each."""

from collections.abc import Mapping
from itertools import starmap

from aggregates.operations.exclusion import Exclusion, Word
from infra.events import Recorded
from simulation.decode import decode
from simulation.ground import Ground

OWN = "SELECT * FROM log_events WHERE stream = ? ORDER BY position"


def words(ground: Ground, reader: str) -> Mapping[int, Word]:
    """Of a view or a process, by position."""
    own = starmap(Recorded, ground.look(OWN, Exclusion.stream(reader)))
    return Exclusion.after(map(decode, own)).words


def skipped(ground: Ground, reader: str) -> set[int]:
    """What it leaves out."""
    return {at for at, word in words(ground, reader).items() if word.out}
