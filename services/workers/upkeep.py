"""Rollups are taken now and then, a few at a time, whichever view they are of."""

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError

from infra.database import of_statement, unwritable
from projections.engine import Projection, rollup_failures, rollups
from services.workers.aside import ViewFailed
from services.workers.errors import describe

if TYPE_CHECKING:
    from services.workers.apply import Applier

ROLL_UP_EVERY = rollups.BLOCK // 2
"""So many events are applied between two looks whether a rollup is due."""
AT_ONCE = 4
"""Rollups, cumulative ones too, of each log that a step takes, at most."""
log = logging.getLogger(__name__)


class Upkeep:
    """What makes later reads of an applier's views cheap."""

    def __init__(self, applier: "Applier") -> None:
        self.applier = applier
        self._since = 0
        self._due: set[str] = set()
        self._left: set[str] = set()
        self._open: set[tuple[str, int, str]] = set()
        """Views, generations and logs of which a rollup cannot be written."""

    def started(self, logs: Iterable[str]) -> None:
        """Look, when idle, for what an older build or a rebuild has left without rollups."""
        self._left |= set(logs)

    def applied(self, logs: Iterable[str], events: int) -> None:
        self._since += events
        if self._since >= ROLL_UP_EVERY:
            self._since = 0
            self._due |= set(logs)
        self._take_some()

    def step(self) -> None:
        """Take a few of the rollups that are due, where there is nothing else to do."""
        self._due |= self._left
        self._left.clear()
        self._take_some()

    def _take_some(self) -> None:
        """The next step takes more.

        Whoever steps must hear soon that it shall end, and poll soon, to stay in its group.
        """
        for name in sorted(self._due):
            if not all(self.take(name) for _ in range(AT_ONCE)):
                self._due.discard(name)

    def take(self, name: str) -> bool:
        """One rollup of that log; answers whether one was due."""
        return any(self._take(view, name) for view in list(self.applier.views))

    def _take(self, view: Projection, name: str) -> bool:
        applier, number = self.applier, self.applier.numbers[view.name]
        if (view.name, number, name) in self._open:
            return False
        try:
            with applier.database.write() as connection:
                applier.hold(connection, [view])  # what was parked must not come in meanwhile
                if view.upkeep(connection, number, name):
                    rollup_failures.clear(connection, view.name, number, name)
                    return True
        except (IntegrityError, ViewFailed):
            pass  # another worker has closed it, or holds the view: it is looked at again
        except Exception as error:
            if unwritable(error):
                self._leave_open(view, name, error)
            elif applier.aside is None or not of_statement(error):
                raise
            else:
                log.warning("%s: a rollup of %s is put off: %s", view.name, name, describe(error))
        return False

    def _leave_open(self, view: Projection, name: str, error: Exception) -> None:
        """A sum of a block, or of all before it, is beyond 64 bits: reads go on by what it would
        have summed up, which takes longer and is right.
        """
        number, now = self.applier.numbers[view.name], self.applier.database.clock.now()
        self._open.add((view.name, number, name))
        row = rollup_failures.RollupFailure(view.name, number, name, describe(error), now)
        with self.applier.database.write() as connection:
            rollup_failures.note(connection, row)
        log.error("%s: a rollup of %s cannot be written: %s", view.name, name, describe(error))
