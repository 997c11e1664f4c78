"""Whether the log is whole: each event the one that was chained, from the first to the last."""

from collections.abc import Callable
from typing import Any, NamedTuple

from infra.clock import iso
from infra.events import GENESIS, verify
from services.bootstrap import Platform
from services.jobs.runner import Watch

READ = 5_000

Report = Callable[[int, int], None]
CHANGED, MISSING, OTHER_END = "changed", "missing", "other_end"


class Checked(NamedTuple):
    """Good are all events up to `position`; what is wrong is behind it, or nothing."""

    events: int
    position: int
    recorded_at: int | None
    wrong: str | None = None
    stream: str | None = None


def walk(platform: Platform, report: Report) -> Checked:
    """Up to the first that is not as it was chained."""
    with platform.database.read() as connection:
        head = platform.store.head(connection)
    good, digest = Checked(head.position, 0, None), GENESIS
    while good.position < head.position:
        with platform.database.read() as connection:
            page = platform.store.read(connection, good.position, READ, until=head.position)
        for event in page:
            expected = good.position + 1
            if event.position != expected:
                return good._replace(wrong=MISSING)
            if not verify(digest, platform.store.log, event):
                return good._replace(wrong=CHANGED, stream=event.stream)
            good = good._replace(position=expected, recorded_at=event.recorded_at)
            digest = event.digest
        if not page:
            return good._replace(wrong=MISSING)
        report(good.position, head.position)
    return good if digest == head.digest else good._replace(wrong=OTHER_END)


def check(platform: Platform, _: dict[str, Any], watch: Watch) -> dict[str, Any]:
    """As a job."""
    found = walk(platform, lambda done, of: watch(done / of))
    at = None if found.recorded_at is None else iso(found.recorded_at)
    return {**found._asdict(), "recorded_at": at}
