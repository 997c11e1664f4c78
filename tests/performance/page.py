"""The page's table says what the last run found, on which machine."""

import json
import os
import platform
from pathlib import Path

from tests.performance.pairs import Figure

BEGIN, END = "<!-- figures -->\n", "<!-- end of figures -->"
HEAD = "| | ours | reference | ratio | |\n|---|--:|--:|--:|---|\n"


def fill(page: Path, found: Path) -> None:
    """Put the figures of a JSON file between the page's two marks."""
    before, _, rest = page.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    rows = "".join(map(_row, json.loads(found.read_text()).items()))
    page.write_text(f"{before}{BEGIN}{machine()}\n\n{HEAD}{rows}{END}{after}")


def _row(named: tuple[str, Figure]) -> str:
    name, figure = named
    mine, theirs = f"{figure['ours']:,.1f}", f"{figure['reference']:,.1f}"
    return f"| `{name}` | {mine} | {theirs} | {figure['ratio']:.2f} | {figure['unit']} |\n"


def machine() -> str:
    """What it ran on; a busy machine makes every figure, and the ratios too, worse."""
    load, cores = os.getloadavg()[0], os.cpu_count()
    return (
        f"{cores} cores ({_processor()}), Python {platform.python_version()},"
        f" one-minute load {load:.1f} at the end of the run."
    )


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((x.partition(":")[2].strip() for x in lines if x.startswith("model name")), "?")
