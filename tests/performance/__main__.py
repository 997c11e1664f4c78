"""`python -m tests.performance`: a table on the terminal, the figures in a JSON file."""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from time import perf_counter, process_time

from tests.performance import (
    append,
    deadlines,
    dossiers,
    http,
    importing,
    latency,
    ordering,
    page,
    parked,
    project,
    project_many,
    publish,
    rebuild,
    records,
    scoped,
)
from tests.performance.pairs import Clock, Figure
from tests.performance.stage import FULL, QUICK, Stage

BENCHES: Mapping[str, Callable[[Stage], Mapping[str, Figure]]] = {
    "append": lambda stage: {"append": append.append(stage)},
    "append_limit": lambda stage: {"append_limit": append.append_limit(stage)},
    "numbers": lambda stage: {"numbers": append.numbers(stage)},
    "order": ordering.rows,
    "append_batch": lambda stage: {"append_batch": append.append_batch(stage)},
    "import": lambda stage: {"import": importing.import_(stage)},
    "publish": lambda stage: {"publish": publish.publish(stage)},
    "project": lambda stage: {"project": project.project(stage)},
    "project_many": lambda stage: {"project_many": project_many.project_many(stage)},
    "parked": lambda stage: {"parked": parked.parked(stage)},
    "deadlines": deadlines.rows,
    "rebuild": rebuild.rebuild,
    "records": records.records,
    "scoped_ranking": lambda stage: {"scoped_ranking": scoped.scoped_ranking(stage)},
    "dossiers": dossiers.rows,
    "http": http.rows,
    "latency": latency.latency,
}


def main(words: list[str]) -> None:
    asked = _parse(words)
    if asked.processor:
        Clock.read = process_time
    stage, found = Stage(QUICK if asked.quick else FULL), dict[str, Figure]()
    with stage.ends:
        for name in asked.only:
            start = perf_counter()
            for each, figure in BENCHES[name](stage).items():
                found[each] = figure
                print(line(each, figure), f"  [{perf_counter() - start:.0f} s]", flush=True)
    asked.output.parent.mkdir(parents=True, exist_ok=True)
    asked.output.write_text(json.dumps(found, indent=2) + "\n")
    if asked.page:
        page.fill(asked.page, asked.output)


def _parse(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.performance", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only see that all of it runs")
    told = "divide by processor time, of what runs in one process: append*, numbers, order, http*"
    parser.add_argument("--processor", action="store_true", help=told)
    parser.add_argument("--only", type=_names, default=list(BENCHES), metavar="NAME,NAME")
    parser.add_argument("--output", type=Path, default=Path("build/bench.json"))
    parser.add_argument("--page", type=Path, help="a page whose table shall say what was found")
    return parser.parse_args(words)


def _names(text: str) -> list[str]:
    names = text.split(",")
    if unknown := set(names) - set(BENCHES):
        raise argparse.ArgumentTypeError(f"no such: {unknown}; there are {', '.join(BENCHES)}")
    return names


def line(name: str, figure: Figure) -> str:
    mine, theirs = f"{figure['ours']:,.1f}", f"{figure['reference']:,.1f}"
    return f"{name:22} {mine:>12} {theirs:>12} {figure['ratio']:>8.2f}  {figure['unit']}"


if __name__ == "__main__":
    main(sys.argv[1:])
