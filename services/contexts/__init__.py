"""What each bounded context brings to the platform: named once, found by name in every folder."""

from dataclasses import dataclass
from functools import cached_property
from types import ModuleType
from typing import Any

from aggregates import Aggregate
from aggregates.plain import Plain
from aggregates.settings import SettingsModel
from commands.notices.offered import offer
from commands.plain import verbs
from projections.engine import View
from projections.engine.figure import Figure
from projections.engine.plain import record
from projections.engine.record import Record
from services.lists.own_condition import OwnCondition
from services.notices.declared import Notice
from services.processes import Process


@dataclass(frozen=True)
class Context:
    """A part of the business with words of its own.

    `kinds` are its aggregates with rules of their own, `plain` its master data, of which commands
    and records follow, `commands` the modules of what may be asked about them, `records`
    what can be looked up of them, `figures` the questions that are asked of views, `processes` what
    asks for the next step by itself, `settings` what a company may decide for itself, `notices`
    what people are told of without having asked, `own_conditions` what of a list concerns whoever
    asks.
    """

    name: str
    kinds: tuple[type[Aggregate], ...] = ()
    plain: tuple[type[Plain[Any]], ...] = ()
    commands: tuple[ModuleType, ...] = ()
    records: tuple[Record[Any], ...] = ()
    figures: tuple[Figure, ...] = ()
    processes: tuple[Process, ...] = ()
    settings: tuple[type[SettingsModel], ...] = ()
    notices: tuple[Notice, ...] = ()
    own_conditions: tuple[OwnCondition, ...] = ()

    def __post_init__(self) -> None:
        for kind in self.plain:
            verbs(kind)  # known by name from here on
        for notice in self.notices:
            offer(notice.name, notice.hears)

    @property
    def every_kind(self) -> tuple[type[Aggregate], ...]:
        return *self.kinds, *self.plain

    @property
    def views(self) -> tuple[View, ...]:
        """What the figures are read from, each once."""
        return tuple(dict.fromkeys(figure.view for figure in self.figures))

    @cached_property
    def every_record(self) -> tuple[Record[Any], ...]:
        return *self.records, *(record(kind) for kind in self.plain)
