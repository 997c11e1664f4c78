"""A period decided anew under several settings, one after the other."""

from typing import Any

from aggregates import Refused
from services.bootstrap import Platform
from services.jobs.runner import JobFailed, Watch
from services.whatif.period import ReplayedPeriod
from services.whatif.trials import TRIED


def try_all(platform: Platform, asked: dict[str, Any], watch: Watch) -> dict[str, Any]:
    period = ReplayedPeriod(asked["since"], asked["until"])
    trials, done = asked["trials"], list[dict[str, Any]]()
    for number, trial in enumerate(trials):
        tried = TRIED[trial["id"]]

        def told(share: float, before: int = number) -> None:
            watch((before + share) / len(trials))

        try:
            found = tried.report(platform, period, trial["values"], told)
        except Refused as error:
            raise JobFailed((str(error), error.zh)) from error
        done.append({**trial, tried.part: found})
    return {"trials": done}
