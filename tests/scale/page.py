"""The page's table says what the last run found, on which machine."""

from collections.abc import Mapping
from pathlib import Path

from tests.performance.page import machine

BEGIN, END = "<!-- figures -->\n", "<!-- end of figures -->"
HEAD = "| | |\n|---|--:|\n"


def fill(page: Path, figures: Mapping[str, float]) -> None:
    """Put the figures between the page's two marks."""
    before, _, rest = page.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    rows = "".join(f"| {name} | {figure:,.0f} |\n" for name, figure in figures.items())
    page.write_text(f"{before}{BEGIN}{machine()}\n\n{HEAD}{rows}{END}{after}", "utf-8")
