"""What each bounded context brings to the platform: named once, found by name in every folder."""

from dataclasses import dataclass
from types import ModuleType
from typing import Any

from aggregates import Aggregate
from projections.engine import View
from projections.engine.record import Record
from services.processes import Process


@dataclass(frozen=True)
class Context:
    """A part of the business with words of its own.

    `kinds` are its aggregates, `commands` the modules of what may be asked about them, `records`
    what can be looked up of them, `figures` the views that answer questions, `processes` what
    asks for the next step by itself.
    """

    name: str
    kinds: tuple[type[Aggregate], ...] = ()
    commands: tuple[ModuleType, ...] = ()
    records: tuple[Record[Any], ...] = ()
    figures: tuple[View, ...] = ()
    processes: tuple[Process, ...] = ()
