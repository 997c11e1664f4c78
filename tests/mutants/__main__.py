"""`python -m tests.mutants` plants each bug in turn; it fails where one is not caught."""

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from mutants.bugs import BUGS
from mutants.hunt import MOST, Caught, hunt, keep

WIDE = 74


def line(caught: Caught) -> str:
    found = caught.violation[:90] if caught.seed else f"NOT CAUGHT {caught.violation}"
    return f"{caught.mutant.breaks:<{WIDE}} {caught.seed:>5} {caught.runs:>5}  {found}"


def main() -> int:
    chosen = [bug for bug in BUGS if all(word in bug.breaks for word in sys.argv[1:])]
    print(f"{'bug':<{WIDE}} {'seed':>5} {'runs':>5}  caught by")
    found = []
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        for caught in pool.map(hunt, chosen):
            print(line(caught), flush=True)
            found.append(caught)
    keep(found)
    survived = sum(not caught.seed for caught in found)
    print(f"{len(chosen)} bugs planted, {survived} not caught within {MOST} seeds")
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main())
