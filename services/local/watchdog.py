"""No server outlives the program that started it, however that program ends."""

import contextlib
import os
import shutil
import signal
import sys
import time
from pathlib import Path

PAUSE = 0.3


def family(pid: int) -> list[int]:
    """The process and all its descendants, the eldest first."""
    found = [pid]
    parents = _parents()
    for elder in found:
        found += [child for child, parent in parents.items() if parent == elder]
    return found


def _parents() -> dict[int, int]:
    parents = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # The name may hold blanks and brackets: count from the last bracket.
            parents[int(entry.parent.name)] = int(entry.read_text().rpartition(")")[2].split()[1])
    return parents


def send(pid: int, number: int) -> None:
    """Signal the whole family. PostgreSQL's children lead groups of their own: no group has all."""
    with contextlib.suppress(ProcessLookupError):
        if number != signal.SIGCONT:
            os.kill(pid, signal.SIGSTOP)  # so that no child is born meanwhile
        for member in family(pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(member, number)


def watch(parent: int, child: int) -> None:
    """Wait until either is gone."""
    while os.getppid() == parent:
        try:
            os.kill(child, 0)
        except ProcessLookupError:
            return
        time.sleep(PAUSE)


def main(parent: str, child: str, *directories: str) -> None:
    watch(int(parent), int(child))
    if os.getppid() == int(parent):
        return
    send(int(child), signal.SIGKILL)
    for directory in directories:
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
