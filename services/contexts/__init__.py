"""What each bounded context brings to the platform: named once, found by name in every folder."""

from dataclasses import dataclass
from types import ModuleType

from aggregates import Aggregate
from projections.engine import View
from services.processes import Process


@dataclass(frozen=True)
class Context:
    """A part of the business with words of its own.

    `kinds` are its aggregates, `commands` the modules of what may be asked about them, `figures`
    the views that answer questions, `processes` what asks for the next step by itself.
    """

    name: str
    kinds: tuple[type[Aggregate], ...] = ()
    commands: tuple[ModuleType, ...] = ()
    figures: tuple[View, ...] = ()
    processes: tuple[Process, ...] = ()
