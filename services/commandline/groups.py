"""Which read models a projector keeps: all of them, or those of the contexts that it is told."""

from collections.abc import Sequence
from dataclasses import dataclass

from projections.engine import Projection
from services.bootstrap import CONTEXTS, MENTIONS, Platform
from services.commandline import Code, Failure
from services.filter_values import nearest


@dataclass(frozen=True)
class Group:
    """Projectors of one group share its work; those of another do theirs beside them.

    `label` tells its consumer group, heartbeat and figures from those of others.
    """

    label: str = ""
    names: frozenset[str] | None = None
    """The views by name; None for all."""

    def views(self, platform: Platform) -> Sequence[Projection]:
        every = platform.views
        return [one for one in every if self.names is None or one.name in self.names]

    def consumers(self, platform: Platform) -> str:
        """The name of its consumer group in Kafka."""
        settings = platform.settings
        return self.called(f"{settings.topic_prefix}-{settings.log}-projector")

    def called(self, part: str) -> str:
        return f"{part}-{self.label}" if self.label else part


ALL = Group()


def of(view: str) -> Group:
    """A view by itself."""
    return Group(f"view-{view}", frozenset({view}))


def named(told: str | None) -> Group:
    """The group of these contexts, with commas between; in whatever order, it is the same one."""
    if told is None:
        return ALL
    known = contexts()
    wanted = [name.strip() for name in told.split(",") if name.strip()]
    for name in wanted:
        if name not in known:
            raise Failure(_unknown(name, list(known)), Code.USAGE)
    if not wanted:
        raise Failure(f"--group names no context: give one of {', '.join(known)}.", Code.USAGE)
    label = "-".join(name for name in known if name in wanted)
    return Group(label, frozenset(view for name in wanted for view in known[name]))


def contexts() -> dict[str, list[str]]:
    """The read models of each context that has some; what is of all contexts has its own name."""
    found = {
        one.name: [view.name for view in one.views] + [each.name for each in one.every_record]
        for one in CONTEXTS
        if one.figures or one.every_record
    }
    return {**found, MENTIONS.name: [MENTIONS.name]}


def _unknown(name: str, known: Sequence[str]) -> str:
    near = nearest(name, known)
    meant = f"; did you mean {near}?" if near else ":"
    return f"No context named {name} has read models{meant} There are {', '.join(known)}."
