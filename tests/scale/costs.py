"""What an event costs: processor time of each part, bytes of each store."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from sqlalchemy import Connection, text
from workers.company import Company

from services.local.process import ChildProcess
from services.local.watchdog import family

HERTZ = 100.0
"""Linux counts a process's time in hundredths of a second."""


def seconds(process: ChildProcess) -> float:
    """Processor time of a program and of all that it has started, living or ended."""
    eldest, *others = family(process.pid)
    return (_ticks(eldest, 4) + sum(_ticks(one, 2) for one in others)) / HERTZ


def _ticks(pid: int, fields: int) -> int:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:  # it has ended, and counts with its parent
        return 0
    return sum(map(int, stat.rpartition(")")[2].split()[11 : 11 + fields]))


class Meter:
    """Wall time and processor time between the start and the end of a block."""

    def __init__(self, **processes: ChildProcess) -> None:
        self.processes = processes
        self.spent: dict[str, float] = {}
        self.elapsed = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        before = {name: seconds(process) for name, process in self.processes.items()}
        start = perf_counter()
        yield
        self.elapsed = perf_counter() - start
        after = {name: seconds(process) for name, process in self.processes.items()}
        self.spent = {name: after[name] - before[name] for name in before}

    def each(self, name: str, count: int) -> float:
        """Microseconds of a core for each of so many."""
        return sum(s for n, s in self.spent.items() if n.startswith(name)) / count * 1e6


def written(company: Company) -> int:
    """Bytes of write-ahead log since the server was made."""
    with company.platform.database.read() as connection:
        lsn = connection.exec_driver_sql("SELECT pg_current_wal_lsn() - '0/0'").scalar_one()
    return int(lsn)


def table_bytes(connection: Connection, pattern: str) -> int:
    """Rows, indexes and all of the tables whose names fit."""
    query = text(
        "SELECT coalesce(sum(pg_total_relation_size(oid)), 0) FROM pg_class"
        " WHERE relkind = 'r' AND relname ~ :pattern"
    )
    return int(connection.execute(query, {"pattern": pattern}).scalar_one())


def folder_bytes(folder: Path, counts: Callable[[Path], bool]) -> int:
    """What the files take on the disk; Kafka's indexes are made large, and are hollow."""
    return sum(file.stat().st_blocks * 512 for file in folder.rglob("*") if counts(file))
