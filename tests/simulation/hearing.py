"""The check that a process asked what it had to: under its key, or it is known why not."""

from collections.abc import Iterator
from typing import Any

from commands import Command
from infra.events import Recorded
from services.bootstrap import PROCESSES
from services.processes import Process
from services.workers.react import Reaction, _request
from simulation.decode import decode
from simulation.ground import Ground
from simulation.words import skipped

POSITION = "SELECT total(position) FROM process_positions WHERE process = ?"
HEARD = "SELECT * FROM log_events WHERE position > ? AND position <= ? ORDER BY position"
OWN = "SELECT * FROM log_events WHERE stream = ? ORDER BY position"
ASKED = "SELECT 1 FROM log_keys WHERE key = ?"
PARKED = "SELECT 1 FROM process_parked WHERE process = ? AND position = ?"
REFUSED = "SELECT 1 FROM process_refusals WHERE process = ? AND position = ? AND number = ?"


class Hearing:
    """Follows how far each process is, and looks at what it has newly passed."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.start()

    def start(self) -> None:
        self.reached = {process.name: self._position(process) for process in PROCESSES}

    def look(self) -> Iterator[str]:
        for process in PROCESSES:
            before, now = self.reached[process.name], self._position(process)
            self.reached[process.name] = now
            yield from self._passed(process, before, now)

    def everything(self) -> list[str]:
        """All that was ever heard, what was parked for a while as well."""
        return [
            violation
            for process in PROCESSES
            for violation in self._passed(process, 0, self._position(process))
        ]

    def _position(self, process: Process) -> int:
        return int(self.ground.look(POSITION, process.name)[0][0])

    def _passed(self, process: Process, before: int, now: int) -> Iterator[str]:
        for row in self.ground.look(HEARD, before, now):
            event = Recorded(*row)
            if event.type not in process.hears:
                continue
            for number, command in enumerate(process.wants(event, decode(event))):
                if not isinstance(command, Command):
                    continue
                if not self._answered(process, Reaction(event, number, command)):
                    yield f"(q) {process.name} passed {event.position}, {event.type}, unasked"

    def _answered(self, process: Process, reaction: Reaction) -> bool:
        event, number, command = reaction
        return bool(
            self.ground.look(ASKED, _request(process, reaction).key)
            or self.ground.look(PARKED, process.name, event.position)
            or event.position in skipped(self.ground, process.name)
            or self.ground.look(REFUSED, process.name, event.position, number)
            or self._idle(process, command, event.position)
        )

    def _idle(self, process: Process, command: Command, since: int) -> bool:
        """Whether asking would have changed nothing, then or at any moment from then on."""
        state: Any = command.aggregate()
        for row in self.ground.look(OWN, command.stream):
            event = Recorded(*row)
            if event.position > since and process.idle(command, state):
                return True
            state = state.fold(decode(event))
        return process.idle(command, state)
