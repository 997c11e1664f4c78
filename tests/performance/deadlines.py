"""What is due, asked beside a million deadlines that are not; and what setting one costs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import count
from time import perf_counter, process_time
from typing import Any

from aggregates.inventory.stock import StockReceived
from commands import Command
from commands.inventory.stock import ReceiveStock
from infra import bulk
from infra.clock import micros
from infra.events import Recorded
from infra.requests import batches
from services.bootstrap import Platform, request
from services.memory import BATCHES
from services.processes import Process, Purpose, Schedule, Wanted, deadlines
from services.processes.deadlines import Deadline
from services.workers.drive import ProcessRunner
from services.workers.react import BATCH
from tests.performance.pairs import Figure, Round, in_turns, settled
from tests.performance.stage import Stage

PENDING = 34
"""So many wait for each event of the scale: a million where it is 30,000."""
FAR = datetime(2100, 1, 1, tzinfo=UTC)
NUMBERS = count(1)
LATER = [Purpose("later", ReceiveStock)]


def rows(stage: Stage) -> Mapping[str, Figure]:
    size, rounds = stage.scale.events // 10, stage.scale.rounds

    def beside(ours: Round, reference: Round, unit: str) -> Figure:
        return in_turns(ours, settled(reference, BATCHES), rounds, unit, BATCHES)

    fired, asked = _fired(stage, size), _asked(stage.platform(), size)
    setting, plain = (_reacted(stage.platform(), size, sets=sets) for sets in (True, False))
    return {
        "deadlines": beside(fired, asked, "commands/s"),
        "deadlines_set": beside(setting, plain, "events/s"),
    }


def _fired(stage: Stage, size: int) -> Round:
    """The worker asks what is due, while many more deadlines wait."""
    platform = stage.platform()
    process = Process("bench", [], lambda *_: iter(()), never, LATER)
    ask(platform, [receipt("W")])
    step = stepping(platform, process)
    step()
    pend(platform, stage.scale.events * PENDING, FAR)

    def once() -> float:
        pend(platform, size, datetime.now(UTC))
        start = perf_counter()
        step()
        return size / (perf_counter() - start)

    return once


def _asked(platform: Platform, size: int) -> Round:
    """The same commands, asked bare."""

    def once() -> float:
        commands = [receipt("W2") for _ in range(size)]
        start = perf_counter()
        ask(platform, commands)
        return size / (perf_counter() - start)

    return once


def _reacted(platform: Platform, size: int, *, sets: bool) -> Round:
    """A process that answers each event with a command, and sets a deadline besides or not.

    By processor time: so little more is within the moods of any machine.
    """

    def react(recorded: Recorded, event: StockReceived) -> Iterator[Wanted]:
        if recorded.key.startswith("W:"):
            yield ReceiveStock(location="W2", item="i", quantity=1, reference=event.reference)
            if sets:
                again = ReceiveStock(location="W3", item="i", quantity=1, reference="r")
                yield Schedule("later", event.reference, FAR, again)

    step = stepping(platform, Process("bench", [StockReceived], react, never, LATER))

    def once() -> float:
        ask(platform, [receipt("W") for _ in range(size)])
        start = process_time()
        step()
        return size / (process_time() - start)

    return once


def stepping(platform: Platform, process: Process) -> Callable[[], None]:
    runner = ProcessRunner(platform.store, platform.executor, platform.codec, [process])

    def step() -> None:
        while runner.step():
            pass
        assert not runner.troubles

    return step


def pend(platform: Platform, many: int, due: datetime) -> None:
    """Set deadlines behind the process's back: these are not what is measured."""
    log = platform.store.log
    made = []
    for _ in range(many):
        asked, number = receipt("W2"), next(NUMBERS)
        what = micros(due), asked.slug(), asked.stream, asked.model_dump_json(exclude_unset=True)
        made.append(Deadline("bench", log, "later", f"s{number}", *what, 1, number))
    with platform.database.write() as connection:
        bulk.insert(connection, deadlines.pending, made)


def ask(platform: Platform, commands: Sequence[Command]) -> None:
    for few in batches((request(one, "bench") for one in commands), BATCH):
        platform.executor.commit(few)


def receipt(location: str) -> ReceiveStock:
    number = next(NUMBERS)
    place = {"location": location, "item": f"i{number % 500}"}
    return ReceiveStock(**place, quantity=1, reference=f"r{number}")


def never(command: Command, state: Any) -> bool:
    return False
