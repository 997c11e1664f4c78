"""Two ways to do the same work, measured in turns, so that the machine's moods meet both."""

import gc
from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import TypedDict

from services import memory

PYTHONS_OWN = gc.get_threshold()
Round = Callable[[], float]
"""Does some work and answers how much of it a second."""


class Clock:
    """By what rounds are timed: seconds as they pass, or (`time.process_time`) such as processors
    worked for whoever is measured.
    """

    read: Callable[[], float] = staticmethod(perf_counter)


class Figure(TypedDict):
    ours: float
    reference: float
    ratio: float
    unit: str


def in_turns(
    ours: Round, reference: Round, rounds: int, unit: str, containers: int = memory.REQUESTS
) -> Figure:
    """Medians over the rounds, after one of each that nobody counts; who begins changes. Of no
    rounds that one counts, cold as it is.

    Ours looks for garbage as seldom as its processes do, a worker's after `memory.BATCHES`
    containers; the reference as often as Python does.
    """
    ours, reference = settled(ours, containers), _as_it_comes(reference)
    if rounds:
        ours()
        reference()
    mine, theirs = [], []
    for number in range(rounds or 1):
        if number % 2:
            theirs.append(reference())
            mine.append(ours())
        else:
            mine.append(ours())
            theirs.append(reference())
    ratio = median(a / b for a, b in zip(mine, theirs, strict=True))
    return figure(median(mine), median(theirs), ratio, unit)


def settled(run: Round, containers: int) -> Round:
    def once() -> float:
        memory.settle(containers)
        return run()

    return once


def _as_it_comes(run: Round) -> Round:
    def once() -> float:
        gc.set_threshold(*PYTHONS_OWN)
        gc.unfreeze()
        gc.collect()
        return run()

    return once


def within(found: float, budget: float, unit: str) -> Figure:
    """A delay and what it may be; the ratio is above 1 where the budget is kept."""
    return figure(found, budget, budget / found, unit)


def figure(ours: float, reference: float, ratio: float, unit: str) -> Figure:
    return Figure(
        ours=round(ours, 1), reference=round(reference, 1), ratio=round(ratio, 3), unit=unit
    )
