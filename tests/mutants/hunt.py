"""Runs worlds with a bug planted until one of the simulation's checks catches it."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, count, islice
from pathlib import Path

from simulation import features
from simulation.campaign import campaign

from mutants.plant import Mutant

MOST = 300
SEEDS = Path(__file__).with_name("seeds.json")
"""Which seed caught each bug when `make mutants` ran last: a hint, which costs time when stale."""


@dataclass(frozen=True)
class Caught:
    mutant: Mutant
    seed: int
    """The seed that caught it; 0 where none did."""
    runs: int
    violation: str


def hunt(mutant: Mutant) -> Caught:
    """Of the seeds that can meet the bug at all, as many as it takes."""
    return _hunt(mutant, _able(mutant))


def again(mutant: Mutant) -> Caught:
    """The same, but first with the seed that caught it last."""
    last = [seed for name, seed in hints().items() if name == mutant.breaks]
    return _hunt(mutant, chain(last, _able(mutant)))


def hints() -> dict[str, int]:
    return dict(json.loads(SEEDS.read_text()))


def keep(found: Iterable[Caught]) -> None:
    """Write down what caught each; of bugs that nobody hunted, what is known stays."""
    known = hints() | {one.mutant.breaks: one.seed for one in found if one.seed}
    SEEDS.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n")


def _able(mutant: Mutant) -> Iterator[int]:
    return islice((seed for seed in count(1) if mutant.needs <= features.chosen(seed)), MOST)


def _hunt(mutant: Mutant, seeds: Iterable[int]) -> Caught:
    if (why := mutant.outgrown()) is not None:
        return Caught(mutant, 0, 0, why)
    runs = 0
    with mutant.planted():
        for runs, world in enumerate(campaign(seeds), 1):
            if world.violations:
                return Caught(mutant, world.seed, runs, world.violations[0])
    return Caught(mutant, 0, runs, "")
