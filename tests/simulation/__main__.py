"""`python -m tests.simulation SEEDS` runs seeds 1 to SEEDS; SEED=n repeats one exactly."""

import os
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from simulation.world import worlds


def main() -> int:
    one = os.environ.get("SEED")
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    seeds = range(int(one), int(one) + 1) if one else range(1, count + 1)
    dealt: Counter[str] = Counter()
    violations, began = 0, time.monotonic()
    for world in worlds(seeds):
        dealt += world.chance.dealt
        violations += len(world.violations)
        for violation in world.violations:
            print(f"seed {world.seed}: {violation}   (again: SEED={world.seed} make simulate)")
    for name, times in sorted(dealt.items()):
        print(f"{times:>9} {name}")
    print(f"{time.monotonic() - began:.1f} s")
    print(f"{len(seeds)} seeds, {dealt.total()} faults, {violations} violations")
    return 1 if violations else 0


sys.exit(main())
