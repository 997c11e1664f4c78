"""`python -m tests.simulation SEEDS` runs seeds 1 to SEEDS on all cores; SEED=n repeats one."""

import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from simulation.campaign import Judged, campaign, portion

PORTION = 25


def judged(seeds: Sequence[int]) -> Iterator[Judged]:
    """In the order of the seeds; each portion in a process of its own."""
    portions = [seeds[first : first + PORTION] for first in range(0, len(seeds), PORTION)]
    cores = min(os.cpu_count() or 1, len(portions))
    if cores < 2:
        yield from campaign(seeds)
        return
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:
        for found in pool.map(portion, portions):
            yield from found


def main() -> int:
    one = os.environ.get("SEED")
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    seeds = range(int(one), int(one) + 1) if one else range(1, count + 1)
    dealt: Counter[str] = Counter()
    violations, began = 0, time.monotonic()
    for world in judged(seeds):
        dealt += world.dealt
        violations += len(world.violations)
        for violation in world.violations:
            print(f"seed {world.seed}: {violation}   (again: SEED={world.seed} make simulate)")
        if one:
            print(f"seed {one} has {', '.join(sorted(world.features)) or 'the daily trade alone'}")
    for name, times in sorted(dealt.items()):
        print(f"{times:>9} {name}")
    print(f"{time.monotonic() - began:.1f} s")
    print(f"{len(seeds)} seeds, {dealt.total()} faults, {violations} violations")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
