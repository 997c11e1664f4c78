"""Runs worlds with a bug planted until one of the simulation's checks catches it."""

from dataclasses import dataclass
from itertools import count, islice

from simulation import features
from simulation.campaign import campaign

from mutants.plant import Mutant

MOST = 300


@dataclass(frozen=True)
class Caught:
    mutant: Mutant
    seed: int
    """The seed that caught it; 0 where none did."""
    runs: int
    violation: str


def hunt(mutant: Mutant, most: int = MOST) -> Caught:
    """Of the seeds that can meet the bug at all, as many as it takes."""
    if (why := mutant.outgrown()) is not None:
        return Caught(mutant, 0, 0, why)
    able = (seed for seed in count(1) if mutant.needs <= features.chosen(seed))
    with mutant.planted():
        for runs, world in enumerate(campaign(islice(able, most)), 1):
            if world.violations:
                return Caught(mutant, world.seed, runs, world.violations[0])
    return Caught(mutant, 0, most, "")
