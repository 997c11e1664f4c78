"""`python -m tests.scale`: what an event costs where, for the arithmetic of docs/scale.md."""

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from scale import measure, page
from scale.ground import found
from scale.measure import Figures
from tests.performance import workload

COUNTS = (1, 2, 4)


def show(figures: Figures) -> Figures:
    for name, figure in figures.items():
        print(f"{name:48} {figure:>12,.1f}", flush=True)
    return figures


def measured(events: int) -> Figures:
    with measure.servers() as servers:
        figures = show(measure.commands(servers))
        url = servers.postgres.create_database("events")
        company = found(url, servers.kafka.bootstrap, "events")
        workload.fill(company.platform, events)
        figures |= show(measure.publishing(servers, company, events))
        for count in COUNTS:
            figures |= show(measure.projecting(servers, company, events, count))
        figures |= show(measure.bytes_of(servers, company, events))
        company.close()
    return figures


def main(words: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.scale", description=__doc__)
    parser.add_argument("--events", type=int, default=60_000)
    parser.add_argument("--output", type=Path, default=Path("build/scale.json"))
    parser.add_argument("--page", type=Path, help="a page whose table shall say what was found")
    asked = parser.parse_args(words)
    figures = measured(asked.events)
    asked.output.parent.mkdir(parents=True, exist_ok=True)
    asked.output.write_text(json.dumps(figures, indent=2) + "\n")
    if asked.page:
        page.fill(asked.page, figures)


if __name__ == "__main__":
    main(sys.argv[1:])
