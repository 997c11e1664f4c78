"""`python -m tests.performance.size`: what a history a hundred times as long costs each answer."""

import argparse
import asyncio
import json
import sys
import uuid
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import TypedDict

from infra.settings import Settings
from services.bootstrap import platform
from services.local.postgres import LocalPostgres, Postgres
from tests.performance import size_trade
from tests.performance.size_asks import Ask, Side
from tests.performance.size_fill import fill
from tests.performance.stage import LOGS, QUICK, Stage

SMALL, LARGE = 100_000, 10_000_000
WARM = 3
TARGET = 1.3
FEW_CHECKPOINTS = "max_wal_size=8GB"


class Figure(TypedDict):
    """Medians in milliseconds; the ratio is how much longer the long history takes."""

    ours: float
    reference: float
    ratio: float
    unit: str


def main(words: list[str]) -> None:
    asked = _parse(words)
    stage = Stage(QUICK)
    with stage.ends:
        server = LocalPostgres(
            stage.directory("size"),
            LOGS / "bench-size.log",
            settings=[FEW_CHECKPOINTS],
            temporary=True,
        )
        server.start()
        stage.ends.callback(server.stop)
        found = compare(server, asked.small, asked.events, asked.rounds)
    asked.output.parent.mkdir(parents=True, exist_ok=True)
    asked.output.write_text(json.dumps(found, indent=2) + "\n")
    steep = [name for name, figure in found.items() if figure["ratio"] > TARGET]
    print(f"{len(found) - len(steep)} of {len(found)} within {TARGET}", *steep)


def _parse(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.performance.size", description=__doc__)
    parser.add_argument("--events", type=int, default=LARGE, help="of the long history")
    parser.add_argument("--small", type=int, default=SMALL, help="events of the short history")
    parser.add_argument("--rounds", type=int, default=31, help="how often each thing is asked")
    parser.add_argument("--output", type=Path, default=Path("build/bench-size.json"))
    return parser.parse_args(words)


def compare(
    server: Postgres,
    small: int,
    large: int,
    rounds: int,
    happenings: int = size_trade.HAPPENINGS,
) -> dict[str, Figure]:
    """Fill both, then ask both the same in turns, so that the machine's moods meet both."""
    small, large = size_trade.rounded(small), size_trade.rounded(large)
    with ExitStack() as stack:
        loop = stack.enter_context(asyncio.Runner()).get_loop()
        sides = []
        for events in (small, large):
            print(f"{events:,} events", flush=True)
            name = f"size_{uuid.uuid4().hex[:12]}"
            made = platform(Settings(database_url=server.create_database(name)))
            stack.callback(server.drop_database, name)
            made.prepare()
            fill(made, events, happenings)
            sides.append(stack.enter_context(Side(made, loop)))
        return measure(sides[0].asks(), sides[1].asks(), rounds)


def measure(small: Mapping[str, Ask], large: Mapping[str, Ask], rounds: int) -> dict[str, Figure]:
    found = {}
    print(f"{'milliseconds, half of the answers within':42} {'small':>9} {'large':>9} {'ratio':>6}")
    for name, ask in small.items():
        found[name] = figure = _in_turns(ask, large[name], rounds)
        print(
            f"{name:42} {figure['reference']:9.2f} {figure['ours']:9.2f} {figure['ratio']:6.2f}",
            flush=True,
        )
    return found


def _in_turns(small: Ask, large: Ask, rounds: int) -> Figure:
    for _ in range(min(WARM, rounds)):
        small()
        large()
    taken = [(small(), large()) for _ in range(rounds)]
    reference, ours = (median(column) for column in zip(*taken, strict=True))
    unit, ratio = "ms", round(ours / reference, 3)
    return Figure(ours=round(ours, 3), reference=round(reference, 3), ratio=ratio, unit=unit)


if __name__ == "__main__":
    main(sys.argv[1:])
