"""Several workers share a run: what waits much starts first, what is costly is made once."""

from pathlib import PurePath

from xdist.scheduler import LoadScopeScheduling

FIRST = ("end_to_end", "chaos", "docs", "scale", "simulation", "performance", "imports", "workers")
"""Folders of tests that take long each; started last, they would keep one worker busy alone."""

TOGETHER = ("end_to_end",)
"""Folders whose files share a broker of their own."""

ALONE = ("infra", "workers", "projections", "processes", "aggregates")
"""Folders whose files share nothing costly: each of their tests goes to whoever is free."""


def place(folder: str) -> int:
    """The lower, the sooner."""
    return FIRST.index(folder) if folder in FIRST else len(FIRST)


class Spread(LoadScopeScheduling):  # type: ignore[misc]
    """One worker gets what is of one scope: mostly a file, which makes its fixtures once."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        folder = PurePath(file).parent.name
        if folder in TOGETHER:
            return folder
        return nodeid if folder in ALONE else file
