"""Several workers share a run: storms come first and one after another, all else beside them."""

from pathlib import PurePath

from xdist.scheduler import LoadScopeScheduling

STORMS = ("end_to_end", "chaos", "scale", "performance", "docs")
"""Folders whose tests keep a whole machine busy: of these, one runs at a time."""

QUIET = ("test_extend", "test_grafana", "test_pages", "test_promises", "test_size", "test_journey")
"""Files among them that do not."""

FIRST = (*STORMS, "simulation", "mutants", "imports", "workers", "services", "architecture")
"""Folders of tests that take long each; started last, they would keep one worker busy alone."""

ALONE = (
    "infra",
    "workers",
    "projections",
    "processes",
    "aggregates",
    "contexts",
    "simulation",
    "mutants",
)
"""Folders whose files share nothing costly: each of their tests goes to whoever is free."""


def place(nodeid: str) -> int:
    """The lower, the sooner."""
    folder = _folder(nodeid)
    return FIRST.index(folder) if folder in FIRST else len(FIRST)


def scope(nodeid: str) -> str:
    """What one worker gets as a whole: mostly a file, which makes its fixtures once."""
    file, folder = nodeid.partition("::")[0], _folder(nodeid)
    if folder in STORMS and PurePath(file).stem not in QUIET:
        return "storms"
    return nodeid if folder in ALONE else file


def _folder(nodeid: str) -> str:
    parts = PurePath(nodeid.partition("::")[0]).parts[:-1]
    return parts[1] if len(parts) > 1 else ""


class Spread(LoadScopeScheduling):  # type: ignore[misc]
    def _split_scope(self, nodeid: str) -> str:
        return scope(nodeid)
