"""The database that a world stands on: new in no time, copied and restored as a whole."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from infra.database import Database
from infra.recorder import LogRecorder
from projections.engine import generations
from services.notices import inbox
from services.processes import positions
from simulation.faults import Chance, FaultyDatabase, SimulatedClock
from simulation.sight import READ

Copy = sqlite3.Connection


class Ground:
    """One file and one engine serve all worlds, since making them costs more than a world.

    `database` deals faults; `look` does not, and sees what is committed.
    """

    def __init__(self, file: Path) -> None:
        self.database = FaultyDatabase(f"sqlite:///{file}", durable=False)
        self.database.chance = Chance(0)
        self.database.chance.calm = True
        self.database.engine.pool._pre_ping = False  # a file does not go away
        LogRecorder(self.database, ids=lambda: "incarnation").create()
        with self.database.write() as connection:
            generations.create(connection, READ)
            positions.create(connection)
            inbox.metadata.create_all(connection)
        self._own = sqlite3.connect(file, isolation_level=None)
        self._copies: list[Copy] = []
        self._new = self.copy()

    def fresh(self, chance: Chance, clock: SimulatedClock) -> FaultyDatabase:
        self._close_copies()
        self.restore(self._new)
        self.database.chance, self.database.clock = chance, clock
        return self.database

    def copy(self) -> Copy:
        made = sqlite3.connect(":memory:")
        self._copies.append(made)
        self._own.backup(made)
        return made

    def restore(self, copy: Copy) -> None:
        copy.backup(self._own)

    def look(self, query: str, *values: Any) -> Sequence[Any]:
        return self._own.execute(query, values).fetchall()

    @contextmanager
    def reading(self) -> Iterator[Any]:
        with Database.read(self.database) as connection:
            yield connection

    def _close_copies(self) -> None:
        """All but the new ground's."""
        while len(self._copies) > 1:
            self._copies.pop().close()

    def close(self) -> None:
        self._close_copies()
        self._new.close()
        self._own.close()
        self.database.close()


@contextmanager
def ground() -> Iterator[Ground]:
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        made = Ground(Path(name) / "world.sqlite")
        try:
            yield made
        finally:
            made.close()
