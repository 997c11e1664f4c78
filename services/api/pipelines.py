"""The stages of every pipeline in their order, and which of them a filter may name."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from aggregates.opportunities.opportunity import PIPELINES
from projections.opportunities import funnel
from projections.opportunities.funnel import LOST, WON
from services import known
from services.bootstrap import Platform


@dataclass(frozen=True)
class Pipelines:
    """As one reader sees them; those of the company's own are told by their deals."""

    platform: Platform
    connection: Connection

    def stages(self, pipeline: str) -> Sequence[str]:
        """In their order: the built-in one's, or that in which the last deal was to go."""
        return PIPELINES.get(pipeline) or self._opened(pipeline)

    def _opened(self, pipeline: str) -> Sequence[str]:
        store, codec = self.platform.store, self.platform.codec
        at = funnel.last_opened(self.connection, pipeline, store.log)
        for event in store.at(self.connection, [] if at is None else [at]):
            stages: Sequence[str] = codec.decode(event.type, event.schema, event.data).stages
            return stages
        return ()

    def check(self, filters: Mapping[str, Sequence[str]]) -> None:
        """Refuse a pipeline that nobody has, and a stage that none of those asked for has."""
        wanted = filters.get("pipeline", ())
        if set(wanted) <= PIPELINES.keys():
            stages = _all(wanted or PIPELINES)
            if set(filters.get("stage", ())) <= stages.keys():
                return
        there = funnel.stages(self.connection)
        pipelines = dict.fromkeys((*PIPELINES, *there))
        known.check({"pipeline": wanted}, {"pipeline": pipelines})
        stages = _all(wanted or PIPELINES)
        stages |= dict.fromkeys(stage for name in wanted or there for stage in there.get(name, ()))
        known.check({"stage": filters.get("stage", ())}, {"stage": stages})


def _all(pipelines: Collection[str]) -> dict[str, None]:
    found = dict.fromkeys(stage for name in pipelines for stage in PIPELINES.get(name, ()))
    return {**found, WON: None, LOST: None}
