"""The stages of every pipeline in their order, and which of them a filter may name."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from aggregates.opportunities.opportunity import PIPELINES
from aggregates.opportunities.pipeline import Pipeline, PipelineDefined
from projections.opportunities import funnel
from projections.opportunities.funnel import LOST, WON
from services import filter_values
from services.bootstrap import Platform


@dataclass(frozen=True)
class Pipelines:
    """As one reader sees them: as they were defined, or as their deals tell."""

    platform: Platform
    connection: Connection

    def stages(self, pipeline: str) -> Sequence[str]:
        """In their order: as defined, or built in, or as the last deal was to go."""
        return self.defined(pipeline) or PIPELINES.get(pipeline) or self._opened(pipeline)

    def defined(self, pipeline: str) -> Sequence[str]:
        """The stages that the company defined, whether or not a deal has gone there."""
        store, codec = self.platform.store, self.platform.codec
        for event in reversed(store.history(self.connection, Pipeline.stream(pipeline))):
            defined: PipelineDefined = codec.decode(event.type, event.schema, event.data)
            return [each.stage for each in defined.stages]
        return ()

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
        own = {name: self.defined(name) for name in {*PIPELINES, *wanted}}
        pipelines = dict.fromkeys((*PIPELINES, *there, *(name for name in own if own[name])))
        filter_values.check({"pipeline": wanted}, {"pipeline": pipelines})
        stages = _all(wanted or PIPELINES)
        for name in wanted or {**there, **own}:
            stages |= dict.fromkeys((*there.get(name, ()), *own.get(name, ())))
        filter_values.check({"stage": filters.get("stage", ())}, {"stage": stages})


def _all(pipelines: Collection[str]) -> dict[str, None]:
    found = dict.fromkeys(stage for name in pipelines for stage in PIPELINES.get(name, ()))
    return {**found, WON: None, LOST: None}
